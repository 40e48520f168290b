problem-title = Problema: { $title }
problem-description = Qué significa { $reason } y qué hacer a continuación.
problem-status = Código
problem-cause = Causa
problem-next-step = Siguiente paso
