"""What CPython's sockets answer where no descriptor is left; exhausted.ts asks a driver the same."""
import json
import os
import socket
import threading
import time

kept = []


def fill():
    while True:
        try:
            kept.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            return


def told(act):
    try:
        return act()
    except OSError as error:
        return [type(error).__name__, error.errno]


def peer(accepted, client):
    ours = accepted[1] == client.getsockname()
    accepted[0].close()
    return ours


listener = socket.create_server(("127.0.0.1", 0))
clients = [socket.socket() for _ in range(2)]
for client in clients:
    client.bind(("127.0.0.1", 0))
results = []


def accept(timeout, client=None):
    listener.settimeout(timeout)
    results.append(told(lambda: peer(listener.accept(), client)))


fill()
accept(None)
accept(0)
accept(0.05)
clients[0].connect(listener.getsockname())
accept(None)
accept(0)
accept(5)
results.append(told(socket.socket))
results.append(told(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)))
os.close(kept.pop())
accept(None, clients[0])


def blocked(thread):
    """proc(5): the number of the system call that a thread is blocked in (accept4 of x86-64 or arm64)."""
    with open(f"/proc/self/task/{thread.native_id}/syscall") as file:
        return file.read().split()[0] in ("288", "242")


os.close(kept.pop())
waiting = threading.Thread(target=accept, args=(None, clients[1]))
waiting.start()
while not blocked(waiting):
    time.sleep(0.002)
fill()
clients[1].connect(listener.getsockname())
waiting.join()
print(json.dumps(results))
