import type { RecvFlag } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { nativeSockets } from '../native/native-socket.ts';
import type { ReadableEnd, Status } from './ends.ts';
import type { Inside } from './inside.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import type { Report } from './report.ts';
import { failureOf, notNow } from './status.ts';

/** A receive as asked for; `timeout` in ms as the socket has it. */
export type Wanted = {
  readonly size: number;
  readonly flags: readonly RecvFlag[];
  readonly timeout: number | null;
};

/** The receiving side of one connected TCP socket. */
export type TcpReading = Inside & {
  readonly recv: (wanted: Wanted, report: Report) => Running | null;
  /** SHUT_RD: what is queued is still handed out, then EOF; a blocked recv ends with EOF. */
  readonly shut: () => void;
  /** Looks again whether a blocked recv can end. */
  readonly serve: () => void;
  /** Ends what is in flight with CLOSED. */
  readonly dispose: () => void;
};

/** A call in flight. `stop` and `taken` are the same two functions for all of them: a fast stream makes 100,000 a second. */
type Op = Running & {
  readonly size: number;
  /** `kernel`: MSG_PEEK by the native part. `modelled`: read, and given back here. */
  peek: 'kernel' | 'modelled' | 'no';
  /** MSG_WAITALL where it counts: a socket with a timeout is non-blocking inside, so recv returns what is there. */
  readonly all: boolean;
  /** On a socket with a timeout, where CPython waits in poll(2) before it calls recv(2). */
  readonly timed: boolean;
  readonly report: Report;
  parts: Uint8Array[] | null;
  got: number;
};

/** Reads in one turn of the event loop, so that a flood leaves the keys answering (libuv's own limit is 32). */
const readsPerTurn = 32;

/** Turns without a second read after one that found nothing: its exception costs 4 us, a turn 2. */
const doubtful = 32;

const nothing = new Uint8Array(0);

/** Not where bytes were read ahead into user space. */
const canPeek = (end: ReadableEnd): boolean => end.exact && typeof nativeSockets() !== 'string';

/** recv(2) with MSG_PEEK and MSG_DONTWAIT. */
const peekNow = (fd: number, into: Uint8Array): Status => {
  const native = nativeSockets();
  return typeof native === 'string' ? notNow : native.peek(fd, into);
};

const joined = (parts: Uint8Array[], length: number): Uint8Array =>
  parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);

/** `turn` runs what the kernel's word that the socket is readable sets off. */
export const createTcpReading = (
  end: ReadableEnd,
  memory: ReceiveMemory,
  turn: (woken: () => void) => void,
): TcpReading => {
  let op: Op | null = null;
  const waiting: Op[] = [];
  let watching = false;
  let doubts = 0;
  let shut = false;
  /** Taken from the kernel and given back: by MSG_PEEK, or by a MSG_WAITALL that was stopped. Modelled. */
  let held: Uint8Array = nothing;
  /** An error that ended a MSG_WAITALL which had bytes to return: the next call's. */
  let keptError: Status = 0;
  /** Set once the descriptor is closed: hears that no call is left. */
  let left: (() => void) | null = null;

  const readable = () => {
    // Left on while calls follow each other; the first event that nobody waits for switches it off.
    if (op && waitsForNothing(op)) settle(op, failure('EBADF'));
    else if (op) turn(serve);
    else unwatch();
  };

  /** Once poll(2) returns, its recv(2) finds the descriptor closed, and takes nothing. */
  const waitsForNothing = (current: Op): boolean => left !== null && current.timed;

  const serve = () => {
    if (!op || waitsForNothing(op) || attempt(op) !== 'filled') return;
    if (doubts > 0) doubts--;
    else readOn();
  };

  /** The read was filled and the next call is there already: more may be, and costs no turn of the event loop. */
  const readOn = () => {
    for (let reads = 1; reads < readsPerTurn && op; reads++) {
      const result = attempt(op);
      if (result === 'nothing') doubts = doubtful;
      if (result !== 'filled') return;
    }
  };

  const unwatch = () => {
    if (watching) end.unwatch();
    watching = false;
  };

  /** One read(2) for the call. */
  const attempt = (current: Op): 'filled' | 'short' | 'nothing' => {
    const want = current.size - current.got;
    const { slab, offset, length } = memory.room(want);
    const count =
      current.peek === 'kernel'
        ? peekNow(end.fd(), slab.subarray(offset, offset + length))
        : end.readNow(slab, offset, length);
    if (count > 0) {
      took(current, memory.keep(count));
      return count === length ? 'filled' : 'short';
    }
    if (count === notNow) return 'nothing';
    if (count === 0) finish(current);
    else fail(current, count);
    return 'short';
  };

  const took = (current: Op, part: Uint8Array) => {
    if (current.peek === 'no' && !current.all) return settle(current, { kind: 'data', data: part });
    add(current, part);
    if (current.got >= current.size || !current.all) finish(current);
  };

  const add = (current: Op, part: Uint8Array) => {
    current.got += part.length;
    if (current.parts) current.parts.push(part);
    else current.parts = [part];
  };

  const giveBack = (data: Uint8Array) => {
    // Copied: what was handed out may be given back to the memory it lies in.
    held = Buffer.concat([data, held]);
  };

  const finish = (current: Op) => {
    const data = current.parts ? joined(current.parts, current.got) : nothing;
    if (current.peek === 'modelled') giveBack(data);
    settle(current, { kind: 'data', data });
  };

  const fail = (current: Op, status: Status) => {
    if (current.got === 0) return settle(current, failureOf(status));
    keptError = status;
    finish(current);
  };

  const settle = (current: Op, outcome: Outcome) => {
    op = null;
    current.report(outcome);
    next();
  };

  const next = () => {
    if (op) return;
    if (waiting.length > 0) begin(waiting.shift()!, false);
    else left?.();
  };

  const watch = (current: Op) => {
    if (shut && attemptOnce(current)) return;
    if (watching) return;
    const status = end.watch(readable);
    if (status < 0) settle(current, failureOf(status));
    else watching = true;
  };

  /** Reads without waiting; EOF where nothing is there. Only after SHUT_RD. */
  const attemptOnce = (current: Op): boolean => {
    attempt(current);
    if (op === current) finish(current);
    return op !== current;
  };

  /** What was given back comes first; what is missing from it is read without waiting, as one recv would. */
  const fromHeld = (current: Op) => {
    const part = held.subarray(0, current.size);
    held = held.subarray(part.length);
    add(current, part);
    if (current.got >= current.size) return finish(current);
    const { slab, offset, length } = memory.room(current.size - current.got);
    const count = end.readNow(slab, offset, length);
    if (count > 0) add(current, memory.keep(count));
    else if (count < 0 && count !== notNow) return fail(current, count);
    if (current.got >= current.size || count === 0 || !current.all) finish(current);
  };

  const withoutWaiting = (current: Op) => {
    attempt(current);
    if (op === current) settle(current, failure('EAGAIN'));
  };

  const begin = (current: Op, noWait: boolean) => {
    op = current;
    if (waitsForNothing(current)) return watch(current);
    if (keptError !== 0) {
      const status = keptError;
      keptError = 0;
      return settle(current, failureOf(status));
    }
    if (held.length > 0) {
      if (current.peek === 'kernel') current.peek = 'modelled';
      fromHeld(current);
    } else if (noWait) withoutWaiting(current);
    if (op === current) watch(current);
  };

  function stop(this: Op): number {
    if (op === this) {
      if (this.parts) giveBack(joined(this.parts, this.got));
      op = null;
      next();
      return this.got;
    }
    const index = waiting.indexOf(this);
    if (index >= 0) waiting.splice(index, 1);
    return 0;
  }

  function taken(this: Op): number {
    return this.got;
  }

  return {
    recv: ({ size, flags, timeout }, report) => {
      if (size === 0) {
        report({ kind: 'data', data: nothing });
        return null;
      }
      const plain = flags.length === 0;
      const noWait = timeout === 0 || (!plain && timeout === null && flags.includes('MSG_DONTWAIT'));
      const all = !plain && timeout === null && !noWait && flags.includes('MSG_WAITALL');
      const current: Op = {
        size,
        peek: plain || !flags.includes('MSG_PEEK') ? 'no' : all || !canPeek(end) ? 'modelled' : 'kernel',
        all,
        timed: timeout !== null,
        report,
        parts: null,
        got: 0,
        stop,
        taken,
      };
      if (op || waiting.length > 0) {
        if (noWait) report(failure('EAGAIN'));
        else waiting.push(current);
      } else begin(current, noWait);
      return op === current || waiting.includes(current) ? current : null;
    },
    shut: () => {
      shut = true;
      if (op) attemptOnce(op);
    },
    inside: () => op !== null,
    letGo: then => {
      left = then;
    },
    serve,
    dispose: () => {
      unwatch();
      const all = op ? [op, ...waiting] : [];
      op = null;
      waiting.length = 0;
      held = nothing;
      left = null;
      for (const current of all) current.report(failure('CLOSED'));
    },
  };
};
