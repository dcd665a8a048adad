"""The calls of told-kernel.test.ts as CPython makes them, for the family in argv[1]; what the kernel is told, strace sees."""
import socket
import sys

family, here = {"AF_INET": (socket.AF_INET, "127.0.0.1"), "AF_INET6": (socket.AF_INET6, "::1")}[sys.argv[1]]

mark = socket.socket(family, socket.SOCK_DGRAM)
mark.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, 5)

plain = socket.socket(family, socket.SOCK_STREAM)
plain.bind((here, 0))
plain.listen(4)
client = socket.socket(family, socket.SOCK_STREAM)
client.connect(plain.getsockname()[:2])
accepted, _ = plain.accept()
accepted.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

server = socket.socket(family, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20000)
server.bind(("", 0))
server.listen(1)
server.listen(2)

unbound = socket.socket(family, socket.SOCK_STREAM)
unbound.listen(1)

bound = socket.socket(family, socket.SOCK_STREAM)
bound.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
bound.bind((here, 0))
bound.connect(plain.getsockname()[:2])

if family == socket.AF_INET6:
    only = socket.socket(family, socket.SOCK_STREAM)
    only.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    only.bind(("", 0))
    both = socket.socket(family, socket.SOCK_DGRAM)
    both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    both.bind(("", 0))

receiver = socket.socket(family, socket.SOCK_DGRAM)
receiver.bind((here, 0))
connected = socket.socket(family, socket.SOCK_DGRAM)
connected.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
connected.connect(receiver.getsockname()[:2])
connected.send(b"x")
connected.connect(receiver.getsockname()[:2])
sender = socket.socket(family, socket.SOCK_DGRAM)
sender.sendto(b"x", receiver.getsockname()[:2])
