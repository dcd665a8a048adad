import socket
import sys

port, size = int(sys.argv[1]), int(sys.argv[2])
piece = memoryview(bytes(1 << 20))
with socket.create_connection(('127.0.0.1', port)) as c:
    while size > 0:
        c.sendall(piece[:size])
        size -= len(piece)
print('sent', flush=True)
