import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
message = bytes(64)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u:
    u.connect(('127.0.0.1', port))
    for _ in range(count):
        u.send(message)
print('sent', flush=True)
