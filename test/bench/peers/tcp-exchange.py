"""tcp-exchange PORT CONNECTIONS BYTES WRITESIZE, as in tcp-exchange.c: for a machine without a C compiler."""

import array
import os
import socket
import sys
import threading
import time

port, connections, size, piece = (int(word) for word in sys.argv[1:5])
received = [0] * connections
wrong = [-1] * connections


def numbers(first: int, count: int) -> bytes:
    return array.array("Q", range(first, first + count)).tobytes()


def send_all(connection: socket.socket, seed: int) -> None:
    for done in range(0, size, piece):
        part = min(piece, size - done)
        connection.sendall(numbers(seed + done // 8, part // 8))
    connection.shutdown(socket.SHUT_WR)


def receive_all(connection: socket.socket, index: int) -> None:
    held, seed = b"", None
    while data := connection.recv(piece):
        data = held + data
        whole = len(data) // 8
        if whole > 0:
            at = (received[index] - len(held)) // 8
            if seed is None:
                seed = array.array("Q", data[:8])[0]
            expected = numbers(seed + at, whole)
            if data[: 8 * whole] != expected and wrong[index] < 0:
                first = next(i for i in range(8 * whole) if data[i] != expected[i])
                wrong[index] = 8 * (at + first // 8)
        received[index] += len(data) - len(held)
        held = data[8 * whole :]
    if received[index] != size and wrong[index] < 0:
        wrong[index] = received[index]


if port == 0:
    listener = socket.create_server(("127.0.0.1", 0), backlog=connections)
    print("listening", listener.getsockname()[1], flush=True)
threads = []
began = 0.0
for index in range(connections):
    one = listener.accept()[0] if port == 0 else socket.create_connection(("127.0.0.1", port))
    began = began or time.monotonic()
    seed = (os.getpid() << 40) + (index << 32)
    threads.append(threading.Thread(target=send_all, args=(one, seed)))
    threads.append(threading.Thread(target=receive_all, args=(one, index)))
    for thread in threads[-2:]:
        thread.start()
for thread in threads:
    thread.join()
if max(wrong) >= 0:
    print("wrong", max(wrong))
print("exchanged", sum(received), f"{time.monotonic() - began:.6f}")
