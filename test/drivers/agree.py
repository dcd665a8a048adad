"""
Runs steps (JSON on stdin: a list of [call, on, arguments...]) on CPython's sockets; one JSON result a step. {"int": "9"}
and {"float": "nan"} are numbers that JSON has not. Seconds to wait after each step may be given as an argument.
"""

import json
import socket
import struct
import sys
import time

SETTLE = float(sys.argv[1]) if len(sys.argv) > 1 else 0.01


def number(found):
    return int(found["int"]) if "int" in found else float(found["float"])


steps = json.load(sys.stdin, object_hook=number)
things = {}


def address(words):
    if words[0].startswith("unix:"):
        return words[0][5:]
    if words[0].startswith("@"):
        found = things[words[0][1:]].getsockname()
        return found[:2] if isinstance(found, tuple) else found
    return tuple(words)


def octets(text):
    return text.encode("latin1")


def flags(names):
    total = 0
    for name in names:
        total |= getattr(socket, name)
    return total


def name(found):
    """An abstract name comes as bytes, a path as text, and None from who has none."""
    return found.decode() if isinstance(found, bytes) else found


def place(found):
    if not isinstance(found, tuple):
        return name(found)
    return [found[0], 0 if found[1] == 0 else "*"]


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def accept(sock, name):
    things[name] = sock.accept()[0]
    return "made"


def makefile(sock, name, mode, buffering=None):
    things[name] = sock.makefile(mode, buffering)
    return "made"


def recvfrom(sock, size, *names):
    data, sender = sock.recvfrom(size, flags(names))
    if isinstance(sender, tuple):
        return [data.decode("latin1"), sender[0]]
    return [data.decode("latin1"), name(sender) or None]


def new_socket(name, family, kind):
    things[name] = socket.socket(getattr(socket, family), getattr(socket, kind))
    return "made"


def getaddrinfo(host, port, family=None, kind=None):
    wanted = [getattr(socket, name) if name else 0 for name in (family, kind)]
    found = socket.getaddrinfo(host, port, *wanted)
    return [[at[0], at[1], socket.SocketKind(kind).name, protocol] for _, kind, protocol, _, at in found]


def decoded(data):
    return None if data is None else data.decode("latin1")


def timeout_of(ms):
    return None if ms is None else ms / 1000


# Constants of the kernel's headers that the module has no name for.
UNNAMED = {"IP_MTU_DISCOVER": 10, "IP_MTU": 14, "IPV6_MTU": 24, "SO_RCVTIMEO": 20, "SO_SNDTIMEO": 21}


def constant(name):
    return getattr(socket, name) if hasattr(socket, name) else UNNAMED[name]


def timeval(seconds):
    return struct.pack("ll", int(seconds), round(seconds % 1 * 1e6))


def setsockopt(sock, level, option, value):
    if option == "SO_LINGER":
        value = struct.pack("ii", 0, 0) if value == "off" else struct.pack("ii", 1, value)
    if option in ("SO_RCVTIMEO", "SO_SNDTIMEO"):
        value = timeval(value)
    sock.setsockopt(constant(level), constant(option), value)


def getsockopt(sock, level, option):
    if option == "SO_LINGER":
        on, seconds = struct.unpack("ii", sock.getsockopt(constant(level), constant(option), 8))
        return f"{seconds}s" if on else "off"
    if option in ("SO_RCVTIMEO", "SO_SNDTIMEO"):
        seconds, micros = struct.unpack("ll", sock.getsockopt(constant(level), constant(option), 16))
        whole = "none" if seconds == 0 else f"{seconds}s"
        return whole if micros == 0 else f"{seconds * 1000 + micros / 1000:g}ms"
    return sock.getsockopt(constant(level), constant(option))


calls = {
    "bind": lambda s, *a: s.bind(address(a)),
    "listen": lambda s, n: s.listen(n),
    "accept": accept,
    "connect": lambda s, *a: s.connect(address(a)),
    "send": lambda s, text, *names: s.send(octets(text), flags(names)),
    "sendall": lambda s, text: s.sendall(octets(text)),
    "sendto": lambda s, text, *a: s.sendto(octets(text), address(a)),
    "recv": lambda s, size, *names: decoded(s.recv(size, flags(names))),
    "recvfrom": recvfrom,
    "shutdown": lambda s, how: s.shutdown(getattr(socket, how)),
    "close": lambda s: s.close(),
    "reset": reset,
    "setsockopt": setsockopt,
    "getsockopt": getsockopt,
    "settimeout": lambda s, ms: s.settimeout(timeout_of(ms)),
    "getsockname": lambda s: place(s.getsockname()),
    "getpeername": lambda s: place(s.getpeername()),
    "makefile": makefile,
    "read": lambda f, size=None: decoded(f.read() if size is None else f.read(size)),
    "readline": lambda f: decoded(f.readline()),
    "write": lambda f, text: f.write(octets(text)),
    "flush": lambda f: f.flush(),
}

functions = {
    "socket": new_socket,
    "getservbyname": socket.getservbyname,
    "getservbyport": socket.getservbyport,
    "gethostbyaddr": lambda host: socket.gethostbyaddr(host)[0],
    "getaddrinfo": getaddrinfo,
}


def perform(step):
    name, on, *rest = step
    if name in functions:
        return functions[name](*([on] if name == "socket" else []), *rest)
    return calls[name](things[on], *rest)


def outcome(step):
    try:
        return {"value": perform(step)}
    except OSError as error:
        kind = type(error)
        name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
        return {"error": name, "errno": error.errno}
    except (ValueError, OverflowError, TypeError, MemoryError) as error:
        return {"error": type(error).__name__, "errno": None}
    except struct.error:
        return {"error": "struct.error", "errno": None}


results = []
for step in steps:
    results.append(outcome(step))
    time.sleep(SETTLE)
print(json.dumps(results))
