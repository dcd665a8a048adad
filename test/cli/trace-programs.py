"""Programs that are traced: `trace-programs.py KIND`."""

import os
import signal
import socket
import sys
import threading
import time

kind = sys.argv[1]


def facts():
    """What a program can see of how it was started."""
    fds = sorted(int(name) for name in os.listdir('/proc/self/fd'))
    links = []
    for fd in fds:
        try:
            links.append((fd, os.readlink(f'/proc/self/fd/{fd}')))
        except OSError:
            pass  # That of listdir.
    with open('/proc/self/status') as status:
        signals = [line.split() for line in status if line.startswith(('SigBlk', 'SigIgn', 'SigCgt'))]
    try:
        child = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        child = None
    print(links, signals, child, sys.stdin.read(), os.getpgid(0) == os.getpgid(os.getppid()))


def pair():
    server = socket.create_server(('127.0.0.1', 0))
    client = socket.create_connection(server.getsockname())
    return client, server.accept()[0]


def all_bytes():
    one, other = pair()
    one.sendall(bytes(range(256)))
    received = other.recv(1000)
    other.sendall(received[::-1])
    one.recv(1000)


def waits():
    """Until a byte comes on standard input, in poll with a socket beside it."""
    import select

    one, _ = pair()
    print(f'waits {os.getpid()}', flush=True)
    while not select.select([one, 0], [], [])[0]:
        pass
    print('goes on', flush=True)


def alike():
    """Two receives that are alike in all their arguments, each of which waits for four bytes."""
    server = socket.create_server(('127.0.0.1', 0))
    print('port', server.getsockname()[1], flush=True)
    client, _ = server.accept()
    buffer = bytearray(4)
    for _ in range(2):
        client.recv_into(buffer, 4, socket.MSG_WAITALL)


def stopped():
    one, _ = pair()
    one.settimeout(2.5)
    print(f'stopped {os.getpid()}', flush=True)
    try:
        one.recv(1)
    except TimeoutError:
        print('timed out', flush=True)


def prints():
    """Once a file `go` is in the folder, prints on both streams what no pipe holds, and leaves a word there of how it went."""
    folder = sys.argv[2]
    trouble = []
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, lambda *_: trouble.append('SIGPIPE'))
    one, _ = pair()
    threading.Thread(target=one.recv, args=(1,), daemon=True).start()
    print(f'prints {os.getpid()}', flush=True)
    while not os.path.exists(f'{folder}/go'):
        time.sleep(0.02)
    for fd in (1, 2) * 20:
        try:
            os.write(fd, b'x' * 9_999 + b'\n')
        except OSError as error:
            trouble.append(repr(error))
    with open(f'{folder}/part', 'w') as end:
        print('trouble', trouble, file=end)
    os.rename(f'{folder}/part', f'{folder}/end')
    os._exit(0)


def term():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(5))
    signal.signal(signal.SIGINT, lambda *_: os._exit(6))
    print(f'ready {os.getpid()}', flush=True)
    while True:
        time.sleep(100)


def closes():
    os.closerange(3, 1024)
    one, other = pair()
    other.sendall(b'still')
    print(one.recv(10))


def forks():
    server = socket.create_server(('127.0.0.1', 0))
    if os.fork() == 0:
        client = socket.create_connection(server.getsockname())
        client.sendall(b'from the child')
        os._exit(0)
    accepted, _ = server.accept()
    print(accepted.recv(100))
    os.wait()


def unix():
    """Unix sockets: by a path, an abstract name and in a pair, over which a child gets a descriptor."""
    path = f'{sys.argv[2]}/a.sock'
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(1)
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(path)
    accepted, _ = listener.accept()
    client.sendall(b'by path')
    accepted.recv(100)
    one, other = socket.socketpair()
    datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    datagrams.bind(f'\0sockbench-{os.getpid()}')
    if os.fork() == 0:
        one.close()
        _, fds, _, _ = socket.recv_fds(other, 100, 1)
        os.write(fds[0], b'from the child')
        other.send(b'done')
        os._exit(0)
    other.close()
    near, far = pair()
    socket.send_fds(one, [b'take it'], [near.fileno()])
    one.recv(100)
    far.recv(100)
    os.wait()
    print('over')


def server():
    """A server as a beginner writes it; one client, whose port is told on standard output."""
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', 0))
    print('port', s.getsockname()[1], flush=True)
    s.listen(1)
    clientsock, clientaddr = s.accept()
    print('Got connection from', clientsock.getpeername())
    clientsock.close()
    os._exit(0)


globals()[kind]()
