import socket
import statistics
import sys
import time

size, batches = int(sys.argv[1]), int(sys.argv[2])
s = socket.create_server(('127.0.0.1', 0), backlog=4096)
print('listening', s.getsockname()[1], flush=True)
rates = []
for batch in range(1, batches + 1):
    sys.stdin.readline()
    accepted = [s.accept()[0]]
    began = time.perf_counter()
    while len(accepted) < size:
        accepted.append(s.accept()[0])
    rates.append((size - 1) / (time.perf_counter() - began))
    print('accepted', batch, flush=True)
    for a in accepted:
        a.recv(1)
        a.close()
    print('closed', batch, flush=True)
print('result', statistics.median(rates[1:]), flush=True)
