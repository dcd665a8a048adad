"""Nobody reads: sendall of 64 MiB with a timeout of so many ms. Prints the ms until TimeoutError."""

import socket
import sys
import time

server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
accepted, _ = server.accept()
client.settimeout(int(sys.argv[1]) / 1000)
data = b"x" * (64 << 20)
began = time.monotonic()
try:
    client.sendall(data)
except TimeoutError:
    print("result", (time.monotonic() - began) * 1000)
