"""tcp-source.c in Python. See there for what it prints."""
import socket
import sys
import time

port, total, size = (int(word) for word in sys.argv[1:4])
piece = memoryview(bytes(size))
with socket.create_connection(('127.0.0.1', port)) as connection:
    began = time.perf_counter()
    left = total
    while left > 0:
        connection.sendall(piece[:left])
        left -= min(left, size)
    seconds = time.perf_counter() - began
print(f'sent {total} {seconds:.6f}', flush=True)
