"""Accepts whoever comes and says nothing: one thread, in one call, for ever."""

import socket

s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
accepted = []
while True:
    accepted.append(s.accept()[0])
