"""Two processes with several connections; each waits on one of them for what the other one would send first."""

import ctypes
import os
import signal
import socket


def ends_with_parent():
    """Whoever started it may be killed, and it is in a call that nothing ends (PR_SET_PDEATHSIG of prctl(2))."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


ends_with_parent()
server = socket.create_server(('127.0.0.1', 0))
if os.fork() == 0:
    ends_with_parent()
    ends = [socket.create_connection(server.getsockname()) for _ in range(4)]
    server.close()
else:
    ends = [server.accept()[0] for _ in range(4)]
    open('held', 'w').close()
ends[0].recv(100)
