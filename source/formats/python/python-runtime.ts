/**
 * The part of the generated code that is the same for every session: it gives the calls their turns and tells how they
 * ended. Standard library only. A call is blocked once its thread is asleep inside a system call, which Linux tells in
 * /proc/PID/task/TID/syscall (proc(5)); without /proc, once it has not ended within 0.1 s.
 */
export const pythonRuntime = `
# From here on: how each call gets its turn. A thread above makes a call when main() below says so, by a
# message through a pipe, and answers with two: where it is, before the call, and how it ended, after it.

JSON = "--json" in sys.argv  # a line of JSON a call, for programs
WATCHED = os.path.exists("/proc/self/syscall")
FUTEX = {"x86_64": "202", "aarch64": "98"}.get(os.uname().machine)  # waiting for Python's own lock
BEGAN = time.monotonic()
TURNS = {}


class Turns:
    """The calls of one thread, which makes them one after the other."""

    def __init__(self):
        self.caller, self.thread = multiprocessing.Pipe()
        self.flying = []  # calls begun and not ended: all but the first wait in the thread's queue
        self.titles = {}
        self.patience = {}
        self.blocked = set()
        self.stuck = False  # a call did not end as it did in the session
        self.place = None  # (process, thread) of the call in flight

    @contextlib.contextmanager
    def call(self, number):
        """Waits for this call's turn; then its value is kept, or the error that it ends with."""
        self.thread.recv()
        self.thread.send((os.getpid(), threading.get_native_id()))
        result = types.SimpleNamespace(value=None)
        told = {"began": time.monotonic() - BEGAN}
        try:
            yield result
            told["value"] = plain(result.value)
        except (Exception, KeyboardInterrupt) as error:
            told["error"] = name_of(error)
            told["errno"] = getattr(error, "errno", None)
            told["text"] = str(error)
        told["ended"] = time.monotonic() - BEGAN
        self.thread.send(told)

    def give(self, number, title, patience=0):
        self.titles[number] = title
        self.patience[number] = patience if WATCHED else 0.1
        self.flying.append(number)
        self.caller.send(number)

    def hear(self, seconds):
        """Whether the thread said something within so many seconds."""
        heard = False
        while self.caller.poll(0 if heard else max(seconds, 0)):
            heard = True
            told = self.caller.recv()
            self.stuck = False
            if isinstance(told, tuple):
                self.place = told
            else:
                self.place = None
                self.tell(self.flying.pop(0), told)
        return heard

    def asleep(self):
        """Whether the thread is stopped inside a system call."""
        if self.place is None or not WATCHED:
            return self.place is not None
        try:
            with open("/proc/%d/task/%d/syscall" % self.place) as file:
                return file.read().split()[0] not in ("running", FUTEX)
        except OSError:
            return False

    def tell(self, number, told):
        title = self.titles[number]
        blocked = number in self.blocked
        if JSON:
            print(json.dumps({"call": number, "title": title, "blocked": blocked, **told}), flush=True)
        elif "ended" not in told:
            print(f"{number:5}  {title} <unfinished ...>", flush=True)
        else:
            outcome = told["error"] + " " + told["text"] if "error" in told else shown(told["value"])
            took = told["ended"] - told["began"]
            held = " was blocked" if blocked else ""
            print(f"{number:5}  {title} = {outcome} <{took:.6f}>{held}", flush=True)


def name_of(error):
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def plain(value):
    """A call's value as JSON can hold it: bytes by length and digest, and as they are where they are few."""
    if isinstance(value, bytes):
        told = {"size": len(value), "sha256": hashlib.sha256(value).hexdigest()}
        if len(value) <= 4096:
            told["hex"] = value.hex()
        elif value.count(value[:1]) == len(value):
            told["only"] = value[0]
        return told
    if isinstance(value, tuple) and value and isinstance(value[0], bytes):
        return {"data": plain(value[0]), "from": plain(value[1])}
    return list(value[:2]) if isinstance(value, tuple) else value


def shown(value):
    if isinstance(value, dict) and "size" in value:
        return repr(bytes.fromhex(value["hex"])) if value["size"] <= 64 else f"{value['size']} bytes"
    if isinstance(value, dict):
        return f"{shown(value['data'])} from {shown(value['from'])}"
    return "ok" if value is None else repr(value)


def usable(port):
    """The port, or another where it is in use: a connection of an earlier run may still be in TIME-WAIT."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    for wanted in [port] + [0] * 10:
        stream = socket.socket(family, socket.SOCK_STREAM)
        other = socket.socket(family, socket.SOCK_DGRAM)
        try:
            stream.bind(("", wanted))
            found = stream.getsockname()[1]
            other.bind(("", found))
        except OSError:
            continue
        finally:
            stream.close()
            other.close()
        if JSON:
            print(json.dumps({"port": port, "used": found}), flush=True)
        elif found != port:
            print(f"port {port} is in use: {found} instead", flush=True)
        return found
    return port


def begin(thread, number, title, patience=0.002):
    """Starts a call; goes on once it has ended, or its thread has slept in the system for so many seconds."""
    turns = TURNS[thread]
    turns.give(number, title, patience)
    since = time.monotonic()
    while number in turns.flying:
        asleep = turns.asleep()
        if turns.hear(0.001) or not asleep:
            since = time.monotonic()
        elif time.monotonic() - since >= turns.patience[turns.flying[0]]:
            turns.blocked.add(number)
            return


def ended(thread, number, limit=5):
    """Waits for the end of a call begun before."""
    turns = TURNS[thread]
    until = time.monotonic() + (0 if turns.stuck else limit)
    while number in turns.flying and time.monotonic() < until:
        turns.hear(until - time.monotonic())
    turns.stuck = number in turns.flying


def run(thread, number, title, limit=5):
    """Makes a call and waits for its end."""
    TURNS[thread].give(number, title)
    ended(thread, number, limit)
    if number in TURNS[thread].flying:
        TURNS[thread].blocked.add(number)


def interrupt(thread, number):
    """Ctrl-C: SIGINT to the process whose main thread is in the call."""
    os.kill(TURNS[thread].place[0], signal.SIGINT)
    ended(thread, number)


def threads(*functions):
    """Starts functions as threads of this process."""
    for function in functions:
        threading.Thread(target=function, args=(TURNS[function].call,), daemon=True).start()


def process(main_function, *functions):
    """Starts a process whose main thread runs the first function; a signal interrupts that thread only."""
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.alarm(LIMIT)
        threads(*functions)
        main_function(TURNS[main_function].call)
        while True:
            signal.pause()  # its sockets stay open until the session is over
    finally:
        os._exit(1)


def finish(processes=()):
    """Tells which calls are still in flight, and ends whatever is left."""
    failed = sys.exc_info()[0] is not None
    if failed:
        traceback.print_exc()
    for turns in TURNS.values():
        turns.hear(0)
        for number in turns.flying:
            turns.blocked.add(number)
            turns.tell(number, {})
    for pid in processes:
        os.kill(pid, signal.SIGKILL)
    sys.stdout.flush()
    os._exit(1 if failed else 0)
`;
