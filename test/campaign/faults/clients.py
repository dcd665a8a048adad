"""Clients that do harm, or nothing: clients.py MODE HOST PORT COUNT. Says `ready N` on the way, then does what each line of its input says."""
import errno
import os
import socket
import struct
import sys

mode, host, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
resets = struct.pack("ii", 1, 0)
kept = []

# Seconds for a connect to whom keys may have made leave its full accept queue as it is: shorter than anybody waits for `ready`.
patience = 60


def client(n):
    """From many addresses of loopback: one has fewer ports than there are clients, TIME_WAIT among them."""
    c = socket.socket()
    # ip(7): IP_BIND_ADDRESS_NO_PORT, the port is chosen by connect.
    c.setsockopt(socket.IPPROTO_IP, 24, 1)
    c.bind((f"127.0.0.{2 + n % 16}", 0))
    c.settimeout(patience)
    c.connect((host, port))
    c.settimeout(None)
    kept.append(c)
    return c


def reset(c):
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, resets)
    c.close()


def stall(c, n):
    """Silent, one that never reads what it is answered, one that sends a byte now and then."""
    c.setblocking(False)
    if n % 3 == 1:
        try:
            for _ in range(64):
                c.send(bytes(4096))
        except BlockingIOError:
            pass
    if n % 3 == 2:
        c.send(b"x")


for n in range(count):
    c = client(n)
    if mode == "stall":
        stall(c, n)
    elif mode == "reset":
        # Some are reset before they are heard of, some behind what nobody will have answered.
        c.send(b"x" * (n % 2 * n % 3000))
        reset(kept.pop())
    if (n + 1) % 500 == 0 or n + 1 == count:
        print("ready", n + 1, flush=True)
for line in sys.stdin:
    word = line.strip()
    if word == "drip":
        for n, c in enumerate(kept):
            if n % 3 == 2:
                c.send(b"y")
    elif word == "close":
        for c in kept:
            c.close()
        kept.clear()
    print(word, "done", flush=True)
