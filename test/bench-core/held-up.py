"""A peer that acts while the bench is held up: it is told how by its words, and when by a line; a file tells that it has."""

import socket
import struct
import sys

act, port, acted = sys.argv[1], int(sys.argv[2]), sys.argv[3]
host = '127.0.0.1'

if act in ('no listener', 'no receiver'):
    # A port that stays taken and takes nothing: bound and not listening, or connected to somebody else.
    bound = socket.socket(type=socket.SOCK_STREAM if act == 'no listener' else socket.SOCK_DGRAM)
    bound.bind((host, 0))
    if act == 'no receiver':
        bound.connect((host, 9))
    # In one piece.
    print(f'ready {bound.getsockname()[1]}', flush=True)
    sys.stdin.readline()
    sys.exit()
elif act == 'connect':
    peer = socket.socket()
elif act == 'datagram':
    peer = socket.socket(type=socket.SOCK_DGRAM)
else:
    peer = socket.create_connection((host, port))

print('ready', flush=True)
while sys.stdin.readline():
    if act == 'connect':
        peer.connect((host, port))
    elif act == 'datagram':
        peer.sendto(b'hello', (host, port))
    elif act == 'send':
        peer.sendall(b'hello\nthere')
    elif act == 'much':
        peer.sendall(b'x' * 300_000 + b'\n')
    elif act == 'end':
        peer.shutdown(socket.SHUT_WR)
    elif act == 'reset':
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        peer.close()
    elif act == 'read':
        peer.setblocking(False)
        try:
            while peer.recv(1 << 20):
                pass
        except BlockingIOError:
            pass
    open(acted, 'x').close()
