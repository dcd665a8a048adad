"""udp-flood.c in Python. See there for what it prints."""
import socket
import sys
import time

port, total, size = (int(word) for word in sys.argv[1:4])
data, taken = bytes(size), 0
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    sender.connect(('127.0.0.1', port))
    began = time.perf_counter()
    for _ in range(total):
        try:
            sender.send(data)
            taken += 1
        except OSError:
            pass
    seconds = time.perf_counter() - began
print(f'sent {taken} {seconds:.6f}', flush=True)
