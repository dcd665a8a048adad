"""udp-flood.c in Python. See there for what it prints."""
import random
import socket
import sys
import time

port, total, size, *seed = (int(word) for word in sys.argv[1:])
data, taken, chance = bytes(size), 0, random.Random(*seed)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    sender.connect(('127.0.0.1', port))
    began = time.perf_counter()
    for number in range(total):
        if seed:
            data = number.to_bytes(8, sys.byteorder).ljust(chance.randint(8, size), b'\0')
            if chance.random() < 1 / 2000:
                time.sleep(chance.random() / 50)
        try:
            sender.send(data)
            taken += 1
        except OSError:
            pass
    seconds = time.perf_counter() - began
print(f'sent {taken} {seconds:.6f}', flush=True)
