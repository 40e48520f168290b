problem-title = مشكلة: { $title }
problem-description = معنى { $reason } وما الخطوة التالية.
problem-status = الرمز
problem-cause = السبب
problem-next-step = الخطوة التالية
