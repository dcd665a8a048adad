"""What a relay leads to: target.py PORT (0: a free one). Echoes, but does what a client's word says.

`reset`, `half` (half-closes and reads on), `stall` (reads no more). Says `listening PORT`, `read BYTES`, `unread` (what it lets lie has come), `eof`.
"""
import socket
import struct
import sys
import threading
import time


def serve(c):
    answers = True
    while data := c.recv(65536):
        print("read", data[:20], flush=True)
        if data == b"reset":
            c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            break
        elif data == b"half":
            c.shutdown(socket.SHUT_WR)
            answers = False
        elif data == b"stall":
            # Only with bytes that nobody has read does its end reset the connection (RFC 1122, 4.2.2.13).
            c.recv(1, socket.MSG_PEEK)
            print("unread", flush=True)
            time.sleep(1000)
        elif answers:
            c.sendall(data)
    else:
        print("eof", flush=True)
    c.close()


s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", s.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
