"""Takes a port and lets go of it, again and again: taker.py SEED. Says `taking PORT`; `hold` and `free` on its input end that."""
import random
import select
import socket
import sys
import time

chance = random.Random(int(sys.argv[1]))
first = socket.create_server(("127.0.0.1", 0))
port = first.getsockname()[1]
first.close()
print("taking", port, flush=True)


def taken(reuse, listens):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    try:
        s.bind(("127.0.0.1", port))
        if listens:
            s.listen()
    except OSError:
        s.close()
        return None
    return s


while not select.select([sys.stdin], [], [], 0)[0]:
    s = taken(chance.randrange(2), chance.randrange(3) > 0)
    time.sleep(chance.random() / 200)
    if s:
        s.close()
    time.sleep(chance.random() / 200)
sys.stdin.readline()
while not (s := taken(1, True)):
    time.sleep(0.01)
print("held", flush=True)
sys.stdin.readline()
s.close()
print("freed", flush=True)
sys.stdin.readline()
