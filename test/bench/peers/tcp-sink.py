"""tcp-sink.c in Python: recv_into one buffer, over and over. See there for what it prints."""
import array
import socket
import sys
import time

size, check = int(sys.argv[1]), len(sys.argv) > 2
period = 4 << 20
expected = array.array('Q', range(period // 8)).tobytes() * 2


def first_wrong(data, offset):
    """Where in the stream a byte is not the one that belongs there; -1 where all of them are right."""
    for done in range(0, len(data), period):
        part = data[done:done + period]
        at = (offset + done) % period
        right = expected[at:at + len(part)]
        if part != right:
            return offset + done + next(i for i, byte in enumerate(part) if byte != right[i])
    return -1


listener = socket.create_server(('127.0.0.1', 0))
print('listening', listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
buffer = bytearray(size)
total, wrong = 0, -1
got = connection.recv_into(buffer)
began = time.perf_counter()
while got:
    if check and wrong < 0:
        wrong = first_wrong(bytes(memoryview(buffer)[:got]), total)
    total += got
    got = connection.recv_into(buffer)
seconds = time.perf_counter() - began
if wrong >= 0:
    print('wrong', wrong)
print(f'received {total} {seconds:.6f}', flush=True)
