problem-title = Problem: { $title }
problem-description = What { $reason } means, and what to do next.
problem-status = Status
problem-cause = Cause
problem-next-step = Next step
