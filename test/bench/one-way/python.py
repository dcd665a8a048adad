import socket
import sys
import time

s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
a, _ = s.accept()
began = time.perf_counter()
buffer = bytearray(int(sys.argv[1]))
size = 0
while count := a.recv_into(buffer):
    size += count
print('result', size / (time.perf_counter() - began) / 1e9, flush=True)
