"""timed.py COMMAND ARGUMENT...: runs it with its output thrown away; says how many seconds it took and, of the memory that it
had resident at its most, how many MB (getrusage(2))."""
import resource
import subprocess
import sys
import time

began = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
took = time.monotonic() - began
print('took', took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6)
