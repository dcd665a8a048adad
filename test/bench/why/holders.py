"""`holders.py SOCKETS [busy]`: twenty processes, ten pairs of them, each pair with its share of connections; one of a pair receives, the
other sleeps; with `busy` it sends a byte on each of them all the time. Prints `ready` once all hold their ends."""

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
    work(ends)
    os._exit(0)


def receive(ends):
    while ends[0].recv(1):
        pass


def send(ends):
    while True:
        for end in ends:
            end.send(b'x')
        time.sleep(0.05)


def rest(_):
    time.sleep(1_000_000)


for _ in range(10):
    pairs = [(socket.create_connection(server.getsockname()), server.accept()[0]) for _ in range(share)]
    clients = [client for client, _ in pairs]
    accepted = [one for _, one in pairs]
    hold(clients, accepted, receive)
    hold(accepted, clients, send if sys.argv[2:] == ['busy'] else rest)
    for end in clients + accepted:
        end.close()
server.close()
print('ready', flush=True)
os.wait()
