"""Programs that hang, or seem to: `knots.py KIND`. Each process says its number once, then waits."""

import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

kind = sys.argv[1]
# With 'held' behind it each waits for SIGUSR1 before it does its work, and says when it does (ms since 1970).
held = sys.argv[2:] == ['held']
if held:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
much = bytes(64_000_000)
ever = 1_000_000


def pair():
    """Both ends of a connection on the loopback."""
    server = socket.create_server(('127.0.0.1', 0))
    client = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    server.close()
    return client, accepted


def fork(*works):
    """A process for each piece of work; each holds only the sockets of its own."""
    everything = {end for _, ends in works for end in ends}
    for work, ends in works[1:]:
        if os.fork() == 0:
            break
    else:
        work, ends = works[0]
    for other in everything - set(ends):
        other.close()
    # In one piece: print writes several where Python's output is not buffered (PYTHONUNBUFFERED).
    os.write(1, f'process {os.getpid()}\n'.encode())
    if held:
        signal.sigwait([signal.SIGUSR1])
        os.write(1, f'blocks {time.time() * 1000:.0f}\n'.encode())
    work(*ends)


def recv(end):
    end.recv(100)


def send(end):
    end.sendall(much)


def two(first, second):
    client, accepted = pair()
    fork((first, [client]), (second, [accepted]))


def timeout(end):
    end.settimeout(ever)
    end.recv(100)


def receive_timeout(end):
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack('ll', ever, 0))
    end.recv(100)


def beside(work):
    """A receive in a thread, and other work in the first one."""

    def run(end):
        threading.Thread(target=recv, args=[end], daemon=True).start()
        work(end)

    return run


def joined(end):
    thread = threading.Thread(target=recv, args=[end])
    thread.start()
    thread.join()


def accept(end):
    server = socket.create_server(('127.0.0.1', 0))
    server.accept()


def sleep(end):
    time.sleep(ever)
    end.sendall(b'x')


def alarm(end):
    signal.signal(signal.SIGALRM, lambda *_: None)
    end.recv(100)


def poll(end):
    poller = select.poll()
    poller.register(end, select.POLLIN)
    poller.poll()


def ring():
    pairs = [pair() for _ in range(3)]
    fork(*[(lambda mine, _: mine.recv(100), [pairs[i][0], pairs[i - 1][1]]) for i in range(3)])


def two_unix(first, second):
    one, other = socket.socketpair()
    fork((first, [one]), (second, [other]))


def two_named():
    """Both ends of a connection whose listener has a name, which is open still."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(f'\0sockbench-knots-{os.getpid()}')
    server.listen()
    client = socket.socket(socket.AF_UNIX)
    client.connect(server.getsockname())
    accepted, _ = server.accept()
    fork((recv, [client]), (lambda end, _: recv(end), [accepted, server]))


def two_udp(both):
    """Datagram sockets: one takes from the other alone, and that does so too, or from anybody."""
    one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    other.bind(('127.0.0.1', 0))
    one.connect(other.getsockname())
    if both:
        other.connect(one.getsockname())
    fork((recv, [one]), (recv, [other]))


def terminal(end):
    _, screen = pty.openpty()
    os.dup2(screen, 0)
    os.read(0, 1)


def in_recvfrom(tid):
    """By its number on x64 or arm64."""
    with open(f'/proc/self/task/{tid}/syscall') as file:
        return file.read().split()[0] in ('45', '207')


def swap(one, two):
    """A thread is in a receive when another gives the descriptor to another socket: the receive goes on with the first."""
    thread = threading.Thread(target=recv, args=[one])
    thread.start()
    while not in_recvfrom(thread.native_id):
        time.sleep(0.01)
    os.dup2(two.fileno(), one.fileno())
    two.close()
    thread.join()


def reused():
    one, one_end = pair()
    two, two_end = pair()
    fork((swap, [one, two]), (sleep, [one_end]), (recv, [two_end]))


def half_hidden():
    client, accepted = pair()
    print('port', accepted.getsockname()[1], flush=True)
    if os.fork() == 0:
        accepted.close()
        os.setgid(65534)
        os.setuid(65534)
        # What changes its user is not shown to that user until it runs another program (prctl(2), PR_SET_DUMPABLE).
        os.set_inheritable(client.fileno(), True)
        os.execlp('python3', 'python3', '-c', receiver, str(client.fileno()))
    client.close()
    accepted.recv(100)


receiver = '''
import os, socket, sys
end = socket.socket(fileno=int(sys.argv[1]))
print('nobody', os.getpid(), flush=True)
end.recv(100)
'''

kinds = {
    'half-hidden': half_hidden,
    'both-recv': lambda: two(recv, recv),
    'both-send': lambda: two(send, send),
    'ring': ring,
    'threads': lambda: two(joined, joined),
    'poll': lambda: two(poll, recv),
    'unix': lambda: two_unix(recv, recv),
    'unix-named': two_named,
    'udp': lambda: two_udp(True),
    'udp-half': lambda: two_udp(False),
    'sleep': lambda: two(recv, sleep),
    'settimeout': lambda: two(recv, timeout),
    'SO_RCVTIMEO': lambda: two(recv, receive_timeout),
    'accept': lambda: two(recv, accept),
    'accept-beside': lambda: two(recv, beside(accept)),
    'sleep-beside': lambda: two(recv, beside(sleep)),
    'terminal': lambda: two(recv, terminal),
    'reused': reused,
    'stdin': lambda: two(recv, lambda end: os.read(0, 1)),
    'child': lambda: two(recv, lambda end: subprocess.run(['sleep', str(ever)], close_fds=True)),
    'alarm': lambda: two(recv, alarm),
}


kinds[kind]()
