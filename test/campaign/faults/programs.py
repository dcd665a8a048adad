"""Programs that are watched or traced: programs.py KIND FOLDER. What each says stands in the file KIND there: `PID PORT`.

echo: answers everybody with what they send. victim: waits for clients that never come; forks a child that executes on SIGUSR1,
executes another program on SIGUSR2. child and other are what those become.
"""
import os
import signal
import socket
import sys
import threading

kind, folder = sys.argv[1], sys.argv[2]


def say(port):
    with open(f"{folder}/{kind}.part", "w") as out:
        print(os.getpid(), port, file=out)
    os.rename(f"{folder}/{kind}.part", f"{folder}/{kind}")


def become(other):
    os.execv(sys.executable, [sys.executable, __file__, other, folder])


def fork(*_):
    if os.fork() == 0:
        become("child")


def echo():
    s = socket.create_server(("127.0.0.1", 0))
    say(s.getsockname()[1])

    def answer(c):
        while data := c.recv(65536):
            c.sendall(data)

    while True:
        threading.Thread(target=answer, args=(s.accept()[0],), daemon=True).start()


def waits():
    s = socket.create_server(("127.0.0.1", 0))
    signal.signal(signal.SIGUSR1, fork)
    signal.signal(signal.SIGUSR2, lambda *_: become("other"))
    say(s.getsockname()[1])
    s.accept()


echo() if kind == "echo" else waits()
