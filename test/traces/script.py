"""Runs a script of calls in real processes and threads: `script.py JSON`.

{"pairs": [[p, q], ...], "processes": [[[call, ...] for a thread, ...] for a process, ...]}: pair i connects processes p and q. Calls:
["send", i, n], ["recv", i, n] (all n, or an end), ["sleep", ms], ["settimeout", i, ms], ["SO_RCVTIMEO", i, ms]. Each call that ends is
told: `ended PID/TID`; each process says `began PID` once.
"""

import json
import os
import socket
import struct
import sys
import threading
import time

script = json.loads(sys.argv[1])
server = socket.create_server(('127.0.0.1', 0))
ends = []
for p, q in script['pairs']:
    client = socket.create_connection(server.getsockname())
    ends.append({p: client, q: server.accept()[0]})
server.close()
number = 0
for one in range(1, len(script['processes'])):
    if os.fork() == 0:
        number = one
        break
mine = {}
for i, pair in enumerate(ends):
    for owner, end in pair.items():
        if owner == number:
            mine[i] = end
        else:
            end.close()


def recv(end, size):
    while size > 0:
        data = end.recv(min(size, 1 << 20))
        if not data:
            return
        size -= len(data)


def perform(name, *rest):
    if name == 'sleep':
        time.sleep(rest[0] / 1000)
        return
    end, value = mine[rest[0]], rest[1]
    if name == 'send':
        end.sendall(bytes(value))
    elif name == 'recv':
        recv(end, value)
    elif name == 'settimeout':
        end.settimeout(value / 1000)
    elif name == 'SO_RCVTIMEO':
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack('ll', value // 1000, value % 1000 * 1000))


def run(calls):
    for call in calls:
        try:
            perform(*call)
        except OSError:
            pass
        os.write(1, f'ended {os.getpid()}/{threading.get_native_id()}\n'.encode())


os.write(1, f'began {os.getpid()}\n'.encode())
first, *others = script['processes'][number]
threads = [threading.Thread(target=run, args=[calls]) for calls in others]
for thread in threads:
    thread.start()
run(first)
for thread in threads:
    thread.join()
for end in mine.values():
    end.close()
if number == 0:
    for _ in script['processes'][1:]:
        os.wait()
