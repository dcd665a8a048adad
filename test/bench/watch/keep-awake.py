"""Keeps a processor from sleeping: a loop of the scheduler's class SCHED_IDLE (sched(7)), which makes way for whoever wants to
run. Ends with its parent, or after a quarter of an hour."""
import os
import time

os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
parent = os.getppid()
end = time.monotonic() + 900
print('awake', flush=True)
while os.getppid() == parent and time.monotonic() < end:
    for _ in range(100_000):
        pass
