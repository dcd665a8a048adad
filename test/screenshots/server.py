"""A server that lets its client speak first."""

import socket

s = socket.create_server(("127.0.0.1", 0))
print("port", s.getsockname()[1], flush=True)
a, address = s.accept()
a.recv(100)
a.sendall(b"welcome")
