"""Runs scripts of test/oracle/closing-script.ts (JSON on stdin) on CPython's sockets, each call in a thread of its own.

After each step it waits until every thread has ended or sleeps in the kernel. One JSON list a script: what became of each
step, and after which step it ended (null: it never did). Steps that would make two answers possible are left out.
"""

import json
import socket
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore")  # buffering=1 in a binary mode
WAITING = {"recvfrom": 45, "poll": 7, "read": 0, "futex": 202, "sendto": 44}
READS = ("recv", "read", "readline")
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(5)


def told(value):
    if isinstance(value, str):
        value = value.encode()
    return value.decode("latin1") if isinstance(value, bytes) else value


def failed(error):
    kind = type(error).__name__
    if kind == "UnsupportedOperation":
        kind = "io.UnsupportedOperation"
    return {"error": kind, "errno": getattr(error, "errno", None)}


class Call(threading.Thread):
    def __init__(self, step, run):
        super().__init__(daemon=True)
        self.step, self.run_it, self.outcome, self.ended = step, run, None, None
        self.start()

    def run(self):
        try:
            self.outcome = {"value": told(self.run_it())}
        except Exception as error:
            self.outcome = failed(error)

    def asleep(self):
        """Inside a system call that waits; a lock is one too, but so is Python's own: looked at for longer."""
        try:
            with open(f"/proc/self/task/{self.native_id}/syscall") as file:
                word = file.read().split()[0]
        except (OSError, IndexError):
            return None
        return word if word.isdigit() and int(word) in WAITING.values() else None

    def settle(self):
        looks = 0
        while self.is_alive() and looks < 4:
            self.join(0.0005)
            looks = looks + 1 if self.asleep() else 0


class Script:
    def __init__(self, steps):
        self.c = socket.create_connection(listener.getsockname())
        self.p = listener.accept()[0]
        for end in (self.c, self.p):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.p.setblocking(False)
        self.files, self.modes, self.calls = [], [], []
        self.steps = [self.perform(step) for step in steps]

    def flying(self, names):
        return [call for call in self.calls if call.ended is None and call.step["call"] in names]

    def unclear(self, step):
        """Two reads at once race for the bytes; so do a write and a close that wait for one lock."""
        if step["call"] in READS and self.flying(READS):
            return True
        return step.get("file", -1) >= len(self.files)

    def data_of(self, step):
        """A text read takes its lock once a chunk, and a close may come between: then all comes in one."""
        return "12345678\n" if self.flying(("close",)) else step["data"]

    def perform(self, step):
        if self.unclear(step):
            return {"left": True}
        name, answer = step["call"], {}
        if name == "p.send":
            answer["data"] = self.data_of(step)
        call = Call(step, lambda: getattr(self, name.replace(".", "_"))(step, answer))
        self.calls.append(call)
        for one in self.calls:
            one.settle()
            if not one.is_alive() and one.ended is None:
                one.ended = len(self.calls)
        answer["number"] = len(self.calls)
        answer["of"] = call
        return answer

    def subject(self, step):
        return self.files[step["file"]] if "file" in step else self.c

    def text(self, step):
        return step["data"] if "file" in step and "b" not in self.modes[step["file"]] else step["data"].encode()

    def makefile(self, step, answer):
        self.files.append(self.c.makefile(step["mode"], step["buffering"]))
        self.modes.append(step["mode"])

    def recv(self, step, answer):
        return self.c.recv(step["size"])

    def send(self, step, answer):
        return self.c.send(step["data"].encode())

    def shutdown(self, step, answer):
        return self.c.shutdown(getattr(socket, step["how"]))

    def settimeout(self, step, answer):
        return self.c.settimeout(step["timeout"])

    def gettimeout(self, step, answer):
        return self.c.gettimeout()

    def getsockname(self, step, answer):
        return self.c.getsockname()[0]

    def close(self, step, answer):
        return self.subject(step).close()

    def read(self, step, answer):
        file = self.subject(step)
        return file.read() if step["size"] is None else file.read(step["size"])

    def readline(self, step, answer):
        return self.subject(step).readline()

    def write(self, step, answer):
        return self.subject(step).write(self.text(step))

    def flush(self, step, answer):
        return self.subject(step).flush()

    def p_send(self, step, answer):
        return self.p.send(answer["data"].encode("latin1"))

    def p_recv(self, step, answer):
        return self.p.recv(65536)

    def p_shutdown(self, step, answer):
        return self.p.shutdown(socket.SHUT_WR)

    def p_close(self, step, answer):
        return self.p.close()

    def finish(self):
        self.p.close()
        for call in self.calls:
            call.join(10)
        for file in [*self.files, self.c]:
            try:
                file.close()
            except (OSError, ValueError):
                pass

    def answers(self):
        for answer in self.steps:
            call = answer.pop("of", None)
            if call is not None:
                answer["ended"] = call.ended
                if call.ended is not None:
                    answer["outcome"] = call.outcome
        self.finish()
        return self.steps


for script in json.load(sys.stdin):
    print(json.dumps(Script(script).answers()), flush=True)
