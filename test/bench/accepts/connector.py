import socket
import sys

address, count = ('127.0.0.1', int(sys.argv[1])), int(sys.argv[2])
sockets = []
for _ in range(count):
    c = socket.socket()
    c.connect(address)
    sockets.append(c)
print('connected', flush=True)
sys.stdin.readline()
for c in sockets:
    c.close()
print('closed', flush=True)
