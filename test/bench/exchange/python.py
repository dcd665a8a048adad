import socket
import sys
import threading
import time

count = int(sys.argv[1])
message = bytes(64)


def serve(listener):
    a, _ = listener.accept()
    while request := a.recv(4096):
        a.send(request)


s = socket.create_server(('127.0.0.1', 0))
threading.Thread(target=serve, args=(s,), daemon=True).start()
c = socket.create_connection(s.getsockname())


def exchange(times):
    for _ in range(times):
        c.send(message)
        c.recv(4096)


exchange(count // 5)
began = time.perf_counter()
exchange(count)
print('result', count / (time.perf_counter() - began), flush=True)
