"""`holders.py SOCKETS`: twenty processes, ten pairs of them, each pair with its share of connections; one of a pair receives, the
other sleeps. Prints `ready` once all hold their ends."""

import os
import socket
import sys
import time

share = max(1, int(sys.argv[1]) // 20)
server = socket.create_server(('127.0.0.1', 0), backlog=128)


def hold(ends, others, work):
    if os.fork() != 0:
        return
    server.close()
    for end in others:
        end.close()
    work(ends[0])
    os._exit(0)


for _ in range(10):
    pairs = [(socket.create_connection(server.getsockname()), server.accept()[0]) for _ in range(share)]
    clients = [client for client, _ in pairs]
    accepted = [one for _, one in pairs]
    hold(clients, accepted, lambda end: end.recv(1))
    hold(accepted, clients, lambda _: time.sleep(1_000_000))
    for end in clients + accepted:
        end.close()
server.close()
print('ready', flush=True)
os.wait()
