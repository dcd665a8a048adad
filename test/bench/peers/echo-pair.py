"""`echo-pair.py EXCHANGES [held]`: two processes, 64 bytes there and back. Prints `process PID`, and in the end `result` and how many
a second. With `held` it begins when a line comes, and both share one processor: one of them runs at any time, so that this never
sleeps. To wake a sleeping virtual processor takes longer than an exchange, and whoever looks meanwhile would make it faster."""

import os
import socket
import sys
import time

count = int(sys.argv[1])
message = bytes(64)

if sys.argv[2:] == ['held'] and hasattr(os, 'sched_setaffinity'):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
server = socket.create_server(('127.0.0.1', 0))
if os.fork() == 0:
    accepted, _ = server.accept()
    while request := accepted.recv(4096):
        accepted.sendall(request)
    os._exit(0)

client = socket.create_connection(server.getsockname())
server.close()


def exchange(times):
    for _ in range(times):
        client.sendall(message)
        client.recv(4096)


print('process', os.getpid(), flush=True)
if sys.argv[2:] == ['held']:
    sys.stdin.readline()
exchange(count // 5)
began = time.perf_counter()
exchange(count)
print('result', count / (time.perf_counter() - began), flush=True)
