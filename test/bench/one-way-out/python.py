import socket
import sys

port, size, piece = (int(word) for word in sys.argv[1:4])
data = memoryview(bytes(piece))
with socket.create_connection(('127.0.0.1', port)) as c:
    while size > 0:
        c.sendall(data[:size])
        size -= min(size, piece)
print('sent', flush=True)
