/** How the time that a call waits at most is passed. */
export type TimeUnit = 'ms' | 'us' | 'ns';

/**
 * What a system call that may block does, as far as a look tells its arguments apart.
 *
 * - `recv`, `send`, `accept`, `connect`: on descriptor `fd`, argument 0. `size`, `flags`: which argument; -1: it has none.
 *   `time`: the argument with a time to wait, as recvmmsg has
 * - `poll`: an array of struct pollfd, `select`: three sets of bits, `epoll`: by a descriptor. `timeout`: ms where `unit` is
 *   `ms`, else a pointer to seconds and microseconds or nanoseconds, 0 for ever
 * - `futex`: a lock, a condition or the end of a thread
 * - `sleep`, `child`, `signal`, `file`, `ring`, `restart`: waits that no socket ends
 */
export type CallShape =
  | {
      readonly kind: 'recv' | 'send';
      readonly name: string;
      readonly size: number;
      readonly flags: number;
      readonly time?: number;
    }
  | { readonly kind: 'accept' | 'connect'; readonly name: string }
  | {
      readonly kind: 'poll' | 'select' | 'epoll';
      readonly name: string;
      readonly timeout: number;
      readonly unit: TimeUnit;
    }
  | { readonly kind: 'futex'; readonly name: string }
  | { readonly kind: 'sleep' | 'child' | 'signal' | 'file' | 'ring' | 'restart'; readonly name: string };

const recv = (name: string, size = -1, flags = -1): CallShape => ({ kind: 'recv', name, size, flags });
const send = (name: string, size = -1, flags = -1): CallShape => ({ kind: 'send', name, size, flags });
const poll = (kind: 'poll' | 'select' | 'epoll', name: string, timeout: number, unit: TimeUnit) =>
  ({ kind, name, timeout, unit }) as const;
const plain = (
  kind: 'accept' | 'connect' | 'sleep' | 'child' | 'signal' | 'file' | 'ring' | 'restart',
  name: string,
): CallShape => ({ kind, name });

/** Each with its number on x64 and on arm64 (linux/arch/x86/entry/syscalls, asm-generic/unistd.h); -1: not there. */
const rows: readonly (readonly [CallShape, number, number])[] = [
  [recv('read', 2), 0, 63],
  [recv('readv'), 19, 65],
  [recv('recvfrom', 2, 3), 45, 207],
  [recv('recvmsg', -1, 2), 47, 212],
  [{ kind: 'recv', name: 'recvmmsg', size: -1, flags: 3, time: 4 }, 299, 243],
  [send('write', 2), 1, 64],
  [send('writev'), 20, 66],
  [send('sendto', 2, 3), 44, 206],
  [send('sendmsg', -1, 2), 46, 211],
  [send('sendmmsg', -1, 3), 307, 269],
  [send('sendfile', 3), 40, 71],
  [plain('accept', 'accept'), 43, 202],
  [plain('accept', 'accept4'), 288, 242],
  [plain('connect', 'connect'), 42, 203],
  [poll('poll', 'poll', 2, 'ms'), 7, -1],
  [poll('poll', 'ppoll', 2, 'ns'), 271, 73],
  [poll('select', 'select', 4, 'us'), 23, -1],
  [poll('select', 'pselect6', 4, 'ns'), 270, 72],
  [poll('epoll', 'epoll_wait', 3, 'ms'), 232, -1],
  [poll('epoll', 'epoll_pwait', 3, 'ms'), 281, 22],
  [poll('epoll', 'epoll_pwait2', 3, 'ns'), 441, 441],
  [{ kind: 'futex', name: 'futex' }, 202, 98],
  [plain('sleep', 'nanosleep'), 35, 101],
  [plain('sleep', 'clock_nanosleep'), 230, 115],
  [plain('child', 'wait4'), 61, 260],
  [plain('child', 'waitid'), 247, 95],
  [plain('signal', 'pause'), 34, -1],
  [plain('signal', 'rt_sigsuspend'), 130, 133],
  [plain('signal', 'rt_sigtimedwait'), 128, 137],
  [plain('file', 'splice'), 275, 76],
  [plain('file', 'flock'), 73, 32],
  [plain('file', 'fcntl'), 72, 25],
  [plain('ring', 'io_uring_enter'), 426, 426],
  [plain('restart', 'restart_syscall'), 219, 128],
];

const tableOf = (column: 1 | 2): ReadonlyMap<number, CallShape> =>
  new Map(rows.filter(row => row[column] >= 0).map(row => [row[column], row[0]]));

export type Processor = 'x64' | 'arm64';

const tables: Readonly<Record<Processor, ReadonlyMap<number, CallShape>>> = {
  x64: tableOf(1),
  arm64: tableOf(2),
};

/** The call of a number; undefined for one that this house does not tell apart. */
export const callShape = (processor: Processor, number: number): CallShape | undefined =>
  tables[processor].get(number);
