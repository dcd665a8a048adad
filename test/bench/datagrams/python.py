import os
import socket
import sys
import threading
import time

u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 0))
count, first, last = 0, 0.0, 0.0


def answer():
    """As questions.ts does: `count` with the question's number and the datagrams, `end` with the rate."""
    question = 0
    for line in sys.stdin:
        if line == 'count\n':
            question += 1
            time.sleep(0.05)
            print('count', question, count, flush=True)
        elif line == 'end\n':
            print('result', (count - 1) / (last - first), flush=True)
            os._exit(0)


threading.Thread(target=answer, daemon=True).start()
print('listening', u.getsockname()[1], flush=True)
buffer = bytearray(65536)
u.recvfrom_into(buffer)
first = last = time.perf_counter()
count = 1
while True:
    u.recvfrom_into(buffer)
    last = time.perf_counter()
    count += 1
