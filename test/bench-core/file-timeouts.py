"""Reads or writes by a file object with a timeout beside a peer that is slower than that on the whole, and never for so long at once."""

import socket
import sys

call, port, timeout = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
peer = socket.create_connection(('127.0.0.1', port))
peer.settimeout(timeout)
try:
    if call == 'readline':
        print(peer.makefile('rb').readline())
    elif call == 'text':
        print(peer.makefile('r').readline().encode())
    elif call == 'raw':
        print(peer.makefile('rb', buffering=0).readline())
    elif call == 'read':
        print(peer.makefile('rb').read(5))
    elif call == 'close':
        file = peer.makefile('wb', buffering=1_000_000)
        peer.settimeout(0)
        try:
            while True:
                peer.send(b'x' * 200_000)
        except BlockingIOError:
            peer.settimeout(timeout)
        file.write(b'x' * 500_000)
        try:
            file.close()
        finally:
            closed = file.closed
except OSError as error:
    print(type(error).__name__, *([closed] if call == 'close' else []))
