"""Runs a command on a host of its own whose only resolver takes questions and never answers.

silent_resolver.py FOLDER COMMAND ARGUMENT...: to be run in network and mount namespaces of its own (unshare -n -m).
"""
import ctypes, fcntl, os, signal, socket, struct, subprocess, sys, time

folder, command = sys.argv[1], sys.argv[2:]
resolv = os.path.join(folder, 'resolv.conf')
with open(resolv, 'w') as file:
    # resolv.conf(5): 30 s is the longest that glibc waits for an answer, 5 the most attempts.
    file.write('nameserver 127.0.0.1\noptions timeout:30 attempts:5\n')
subprocess.run(['mount', '--bind', resolv, '/etc/resolv.conf'], check=True)

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# netdevice(7): SIOCSIFFLAGS, IFF_UP.
fcntl.ioctl(server, 0x8914, struct.pack('16sh', b'lo', 1))
server.bind(('127.0.0.1', 53))

if os.fork() == 0:
    # prctl(2): PR_SET_PDEATHSIG, so that it ends with the command.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    for fd in (0, 1, 2):
        os.close(fd)
    time.sleep(120)
    os._exit(0)
os.execvp(command[0], command)
