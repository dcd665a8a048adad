"""A client that lets its server speak first."""

import socket
import sys

c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("connected", flush=True)
c.recv(100)
c.sendall(b"hello")
