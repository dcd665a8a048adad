import { constants } from 'node:os';
import { type Bytes, byteLength, slice } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Status, TcpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import type { Report } from './report.ts';
import { cancelled, failureOf, notNow } from './status.ts';

/** A send as asked for: `all` for sendall. `timeout` in ms as the socket has it. */
export type Outgoing = {
  readonly data: Bytes;
  readonly all: boolean;
  readonly timeout: number | null;
  /** Hears of bytes that left after this send had been stopped, beyond what its count says. */
  readonly left?: (bytes: number) => void;
};

/** The sending side of one connected TCP socket. */
export type TcpWriting = Inside & {
  readonly send: (outgoing: Outgoing, report: Report) => Running | null;
  /** SHUT_WR: EPIPE from now on. Answers once the kernel has everything that was handed over. */
  readonly shut: () => void;
  readonly dispose: () => void;
};

/** A call in flight. `stop` and `taken` are the same two functions for all of them. */
type Op = Running & {
  readonly data: Bytes;
  readonly total: number;
  readonly all: boolean;
  readonly timeout: number | null;
  readonly left: ((bytes: number) => void) | undefined;
  readonly report: Report;
  sent: number;
};

/** A piece handed over whose end was not told yet. `of`: the send in whose count it is missing, null in nobody's. */
type Piece = { readonly size: number; of: Op | null };

/** Repeated payloads are written from one buffer of this size: the kernel copies it during write(2). */
const chunkSize = 256 << 10;

/** One byte suffices to hear of room, and is all that a stopped send leaves behind. */
const handedBytes = 1;

/** Bytes in one turn of the event loop, or a fast reader would keep everything else waiting. */
const bytesPerTurn = 1 << 20;

const ok: Outcome = { kind: 'none' };

const nothing = new Uint8Array(0);

/** What others want to know of: that a call has written, and bytes of a stopped call that left after its end. */
export type WritingNews = { readonly wrote: () => void; readonly late: (bytes: number) => void };

export const createTcpWriting = (end: TcpEnd, { wrote, late }: WritingNews): TcpWriting => {
  let op: Op | null = null;
  const waiting: Op[] = [];
  let shut = false;
  let scratch: Uint8Array | undefined;
  let filledFrom: Bytes | null = null;
  /** An error that came after a send had bytes to count: the next call's. */
  let keptError: Status = 0;
  /** Whatever became of its send, nothing is written until its end is told: it would overtake. */
  let piece: Piece | null = null;
  /** An op that has begun waits for one of the two: its next turn, or the end of a piece. */
  let again: NodeJS.Immediate | undefined;
  /** Set once the descriptor is closed: hears that no call is left. */
  let onLast: (() => void) | null = null;

  const view = (current: Op): Uint8Array => {
    const { data, sent, total } = current;
    if (data.kind !== 'repeat') return slice(data, sent, total - sent);
    scratch ??= Buffer.allocUnsafeSlow(chunkSize);
    // One byte over and over: what the scratch holds fits at any offset.
    if (filledFrom === data) return scratch.subarray(0, Math.min(chunkSize, total - sent));
    filledFrom = data.unit.length === 1 && total - sent >= chunkSize ? data : null;
    return slice(data, sent, chunkSize, scratch);
  };

  const clear = () => {
    clearImmediate(again);
    again = undefined;
    op = null;
  };

  const settle = (current: Op, outcome: Outcome) => {
    clear();
    current.report(outcome);
    wrote();
    next();
  };

  const next = () => {
    if (op) return;
    if (waiting.length > 0) begin(waiting.shift()!);
    else onLast?.();
  };

  /** With a timeout CPython waits in poll(2); the send(2) after it finds the descriptor closed. */
  const findsClosed = (current: Op): boolean => {
    if (onLast === null || current.timeout === null) return false;
    settle(current, failure('EBADF', undefined, current.sent || undefined));
    return true;
  };

  const finish = (current: Op) => settle(current, current.all ? ok : { kind: 'count', count: current.sent });

  const fail = (current: Op, status: Status) => {
    if (current.all || current.sent === 0)
      return settle(current, failureOf(status, undefined, current.sent || undefined));
    keptError = status;
    finish(current);
  };

  const pump = (current: Op) => {
    again = undefined;
    if (findsClosed(current)) return;
    for (let written = 0; op === current; ) {
      const chunk = view(current);
      const count = end.writeNow(chunk);
      if (count < 0 && count !== notNow) return fail(current, count);
      if (count > 0) current.sent += count;
      if (current.sent >= current.total) return finish(current);
      // A socket with a timeout is non-blocking inside: send returns what the kernel took.
      if (current.sent > 0 && !current.all && current.timeout !== null) {
        if (count !== chunk.length) return finish(current);
      }
      if (count === notNow) {
        if (!handOver(current)) return;
        continue;
      }
      written += count;
      if (written >= bytesPerTurn) {
        again = setImmediate(pump, current);
        return;
      }
    }
  };

  /** No room: hands over a piece in order to hear of room. True where there was room after all. */
  const handOver = (current: Op): boolean => {
    if (current.timeout === 0) {
      settle(current, failure('EAGAIN', undefined, current.sent || undefined));
      return false;
    }
    // A copy: what the view looks at may be filled anew while the piece is on its way.
    const bytes = new Uint8Array(view(current).subarray(0, handedBytes));
    const status = end.hand(bytes, landed);
    if (status < 0) fail(current, status);
    else if (status === 0) piece = { size: bytes.length, of: current };
    if (status <= 0) return false;
    current.sent += status;
    if (current.sent >= current.total) finish(current);
    return op === current;
  };

  /** The end of the piece: the kernel has it, or an error, which is that of whoever sends now. */
  const landed = (status: Status) => {
    const { size, of } = piece!;
    piece = null;
    if (status < 0 && status !== cancelled) {
      if (op) return fail(op, status);
      keptError = status;
    } else if (status === 0 && of) {
      if (of === op) of.sent += size;
      else {
        late(size);
        of.left?.(size);
      }
    }
    if (!op || piece || again || findsClosed(op)) return;
    if (op.sent >= op.total && op.sent > 0) finish(op);
    else pump(op);
  };

  /** A reset that the socket has not told yet goes before EPIPE (sk_stream_error in net/core/stream.c): an empty write asks. */
  const afterFin = (): Status => {
    const told = end.exact ? end.writeNow(nothing) : 0;
    return told < 0 && told !== notNow ? told : -constants.errno.EPIPE;
  };

  const begin = (current: Op) => {
    op = current;
    const status = keptError;
    keptError = 0;
    if (status !== 0) settle(current, failureOf(status));
    else if (shut) settle(current, failureOf(afterFin()));
    else if (!piece) pump(current);
    else if (current.timeout === 0) {
      if (end.pending() > 0) settle(current, failure('EAGAIN'));
      else pump(current);
    }
  };

  /** The kernel may have a piece before anybody says so. */
  const hasPiece = (current: Op): boolean => piece?.of === current && end.pending() === 0;

  /** The count with which a call ends whose piece may still be on its way: what is in it is not told as late. */
  const closeCount = (current: Op): number => {
    if (hasPiece(current)) {
      current.sent += piece!.size;
      piece!.of = null;
    }
    return current.sent;
  };

  function stop(this: Op): number {
    const index = waiting.indexOf(this);
    if (index >= 0) waiting.splice(index, 1);
    if (op !== this) return 0;
    const count = closeCount(this);
    clear();
    next();
    return count;
  }

  function soFar(this: Op): number {
    return this.sent + (hasPiece(this) ? piece!.size : 0);
  }

  return {
    send: ({ data, all, timeout, left }, report) => {
      const total = byteLength(data);
      const current: Op = { data, total, all, timeout, left, report, sent: 0, stop, taken: soFar };
      if (!op && waiting.length === 0) begin(current);
      else if (timeout === 0) report(failure('EAGAIN'));
      else waiting.push(current);
      return op === current || waiting.includes(current) ? current : null;
    },
    shut: () => {
      shut = true;
      if (op) settle(op, failure('EPIPE', undefined, closeCount(op) || undefined));
    },
    inside: () => op !== null,
    letGo: then => {
      onLast = then;
    },
    dispose: () => {
      const ended = op ? [op, ...waiting] : [];
      if (op) closeCount(op);
      clear();
      waiting.length = 0;
      onLast = null;
      for (const current of ended) current.report(failure('CLOSED', undefined, current.sent || undefined));
    },
  };
};
