import type { Doubt } from '../../core/model/process.ts';
import type { SocketTimes } from '../../core/model/socket-facts.ts';
import type { Machine } from '../proc/machine.ts';
import { orElse } from '../proc/proc-files.ts';
import type { KernelSocket } from '../proc/socket-world.ts';
import type { Limit, OtherDoes, ThreadCall } from '../proc/thread-call.ts';
import { isStopped, type Thread } from '../proc/thread-reader.ts';
import { touchesOf } from './touches.ts';
import { type Need, needsOf, type ReadSize } from './wait-needs.ts';

/** What a thread is about where nobody's socket holds it up: it can act at any time, as far as can be seen. */
export type Idle =
  | 'running'
  | 'stopped'
  | 'outside'
  | 'hidden'
  | 'unread'
  | 'shared lock'
  | 'nothing'
  | OtherDoes;

/**
 * What ends a wait by itself: a time in the call's arguments, an option of the socket, the last SYN of a connect (tcp(7),
 * tcp_syn_retries). `ms`: how long at most since it began, null where not told.
 */
export type Deadline = {
  readonly by: 'timeout' | 'SO_RCVTIMEO' | 'SO_SNDTIMEO' | 'TCP_USER_TIMEOUT' | 'SYN';
  readonly ms: number | null;
};

/**
 * For what a thread waits: for any one of `needs`, or that another thread of its process opens a lock. `times` of the socket
 * that a recv, send or connect is on.
 */
export type Wait = {
  readonly thread: Thread;
  readonly needs: readonly Need[];
  readonly lock: boolean;
  readonly idle: Idle | null;
  readonly deadline: Deadline | null;
  readonly doubt: Doubt | null;
  readonly times: SocketTimes | null;
};

const MSG_PEEK = 0x2;
const MSG_DONTWAIT = 0x40;
const MSG_WAITALL = 0x100;

/** How many bytes must lie there: the low-water mark, or all of them where they are waited for and only peeked at. */
const readSize = (call: ThreadCall, times: SocketTimes | null): ReadSize => {
  const flags = call.kind === 'recv' ? (call.flags ?? 0) : 0;
  const whole = (flags & MSG_PEEK) !== 0 && (flags & MSG_WAITALL) !== 0;
  const size = call.kind === 'recv' && whole ? (call.size ?? 1) : 1;
  return { atLeast: Math.max(1, size, times?.lowWater ?? 1) };
};

/** Private memory is nobody else's, whatever the call says: glibc waits so for the end of a thread (pthread_join). */
const isPrivate = (machine: Machine, pid: number, address: number): boolean => {
  for (const line of orElse(machine.proc.read(`${pid}/maps`), '').split('\n')) {
    const [, from, to, kind] = /^([0-9a-f]+)-([0-9a-f]+) ...(.)/.exec(line) ?? [];
    if (address >= Number.parseInt(from!, 16) && address < Number.parseInt(to!, 16)) return kind === 'p';
  }
  return false;
};

const idleOf = (machine: Machine, thread: Thread): Idle | null => {
  if (isStopped(thread)) return 'stopped';
  const { pid, call } = thread;
  switch (call.kind) {
    case 'running':
    case 'outside':
    case 'hidden':
      return call.kind;
    case 'other':
      return call.does;
    case 'futex':
      return call.shared && !isPrivate(machine, pid, call.address) ? 'shared lock' : null;
    case 'recv':
    case 'send':
      return ((call.flags ?? 0) & MSG_DONTWAIT) !== 0 ? 'running' : null;
    default:
      return null;
  }
};

const doubtOf = (
  machine: Machine,
  { pid, call }: Thread,
  socket: KernelSocket | null,
  times: SocketTimes | null,
): Doubt | null => {
  const alarm = machine.process(pid)?.alarm ?? '';
  if (alarm !== '' && (alarm !== 'SIGCHLD' || machine.hasChildren(pid))) return alarm;
  if (machine.hasRing(pid)) return 'io_uring';
  const asked = call.kind === 'recv' || call.kind === 'send' || call.kind === 'connect';
  return asked && socket !== null && times === null ? 'timeouts' : null;
};

/** struct timeval and timespec of a 64-bit program: seconds and a fraction, eight bytes each. */
const timeBytes = 16;

const timeAt = (
  machine: Machine,
  pid: number,
  { address, fraction }: Extract<Limit, { kind: 'set' }>,
): number | null => {
  const bytes = orElse(machine.proc.memory(pid, address, timeBytes), null);
  if (!bytes || bytes.length < timeBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, timeBytes);
  const ms = Number(view.getBigInt64(0, true)) * 1000;
  return ms + Number(view.getBigInt64(8, true)) / (fraction === 'us' ? 1e3 : 1e6);
};

const limitOf = (machine: Machine, pid: number, call: ThreadCall): Deadline | null => {
  if (call.kind === 'futex') return call.timed ? { by: 'timeout', ms: null } : null;
  const limit = 'limit' in call ? call.limit : null;
  if (limit === null) return null;
  return { by: 'timeout', ms: limit.kind === 'ms' ? limit.ms : timeAt(machine, pid, limit) };
};

/** Bytes that are not taken end a connection after TCP_USER_TIMEOUT, and with it the calls at both ends. */
const userTimeout = (machine: Machine, { socket, other }: Need): Deadline | null => {
  for (const end of [socket, other]) {
    if (end?.transport !== 'tcp' || end.sndQ === 0 || end.state === 'LISTEN') continue;
    const [holder] = machine.holders(end.inode);
    const times = holder ? machine.facts.timesOf(holder.pid, holder.fd) : null;
    if (times && times.userMs > 0) return { by: 'TCP_USER_TIMEOUT', ms: times.userMs };
  }
  return null;
};

const deadlineOf = (
  machine: Machine,
  { pid, call }: Thread,
  needs: readonly Need[],
  times: SocketTimes | null,
): Deadline | null => {
  if (call.kind === 'connect') return { by: 'SYN', ms: null };
  if (call.kind === 'recv' && times && times.receiveMs > 0) return { by: 'SO_RCVTIMEO', ms: times.receiveMs };
  if (call.kind === 'send' && times && times.sendMs > 0) return { by: 'SO_SNDTIMEO', ms: times.sendMs };
  const limit = limitOf(machine, pid, call);
  if (limit) return limit;
  for (const need of needs) {
    const user = userTimeout(machine, need);
    if (user) return user;
  }
  return null;
};

const onSocket: readonly ThreadCall['kind'][] = ['recv', 'send', 'connect'];

/** Why a thread does not go on. */
export const waitOf = (machine: Machine, thread: Thread): Wait => {
  const { pid, call } = thread;
  const touches = touchesOf(machine, thread);
  const first = touches?.[0]?.descriptor;
  const socket = first?.kind === 'socket' ? (machine.socket(first.inode) ?? null) : null;
  const times = socket && onSocket.includes(call.kind) ? machine.facts.timesOf(pid, first!.fd) : null;
  const size = readSize(call, times);
  const needs = (touches ?? []).flatMap(touch => needsOf(machine, touch, size));
  const empty = call.kind === 'poll' && needs.length === 0;
  return {
    thread,
    needs,
    lock: call.kind === 'futex',
    idle: idleOf(machine, thread) ?? (touches === null ? 'unread' : empty ? 'nothing' : null),
    deadline: deadlineOf(machine, thread, needs, times),
    doubt: doubtOf(machine, thread, socket, times),
    times,
  };
};
