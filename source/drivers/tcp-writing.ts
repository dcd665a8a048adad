import { type Bytes, byteLength, slice } from '../core/bytes.ts';
import type { Running } from '../core/driver.ts';
import { failure, type Outcome } from '../core/outcome.ts';
import type { Status, TcpEnd } from './ends.ts';
import type { Report } from './report.ts';
import { cancelled, failureOf, notNow } from './status.ts';

/** A send as asked for: `all` for sendall. `timeout` in ms as the socket has it. */
export type Outgoing = { readonly data: Bytes; readonly all: boolean; readonly timeout: number | null };

/** The sending side of one connected TCP socket. */
export type TcpWriting = {
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
  readonly report: Report;
  sent: number;
  /** Bytes handed over to be written when there is room; 0 while none are. */
  handed: number;
};

/** Repeated payloads are written from one buffer of this size: the kernel copies it during write(2). */
const chunkSize = 256 << 10;

/** One byte suffices to hear of room, and is all that a stopped send leaves behind. */
const handedBytes = 1;

/** Bytes in one turn of the event loop, or a fast reader would keep everything else waiting. */
const bytesPerTurn = 1 << 20;

const ok: Outcome = { kind: 'none' };

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
  /** The op whose piece is on its way; it may have been stopped since. */
  let handing: Op | null = null;
  let again: NodeJS.Immediate | undefined;

  const view = (current: Op): Uint8Array => {
    const { data, sent, total } = current;
    if (data.kind !== 'repeat') return slice(data, sent, total - sent);
    scratch ??= Buffer.allocUnsafeSlow(chunkSize);
    // One byte over and over: what the scratch holds fits at any offset.
    if (filledFrom === data) return scratch.subarray(0, Math.min(chunkSize, total - sent));
    filledFrom = data.unit.length === 1 && total - sent >= chunkSize ? data : null;
    return slice(data, sent, chunkSize, scratch);
  };

  const settle = (current: Op, outcome: Outcome) => {
    op = null;
    current.report(outcome);
    wrote();
    if (!op && waiting.length > 0) begin(waiting.shift()!);
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
    const piece = view(current).slice(0, handedBytes);
    handing = current;
    current.handed = piece.length;
    const status = end.hand(piece, taken);
    if (status < 0) {
      handing = null;
      current.handed = 0;
      fail(current, status);
      return false;
    }
    if (end.pending() > 0) return false;
    handing = null;
    current.handed = 0;
    current.sent += piece.length;
    if (current.sent >= current.total) finish(current);
    return op === current;
  };

  const taken = (status: Status) => {
    const current = handing!;
    handing = null;
    const piece = current.handed;
    current.handed = 0;
    if (op !== current) {
      if (status === 0) late(piece);
      else if (status !== cancelled) keptError = status;
      if (op) pump(op);
      return;
    }
    if (status < 0) return fail(current, status);
    current.sent += piece;
    if (current.sent >= current.total) finish(current);
    else pump(current);
  };

  const begin = (current: Op) => {
    op = current;
    const status = keptError;
    keptError = 0;
    if (shut) settle(current, failure('EPIPE'));
    else if (status !== 0) settle(current, failureOf(status));
    else if (!handing) pump(current);
    else if (current.timeout === 0) settle(current, failure('EAGAIN'));
  };

  const progress = (current: Op): number =>
    current.sent + (current.handed > 0 ? current.handed - Math.min(current.handed, end.pending()) : 0);

  function stop(this: Op): number {
    const index = waiting.indexOf(this);
    if (index >= 0) waiting.splice(index, 1);
    if (op !== this) return 0;
    clearImmediate(again);
    const count = progress(this);
    op = null;
    if (waiting.length > 0) begin(waiting.shift()!);
    return count;
  }

  function soFar(this: Op): number {
    return progress(this);
  }

  return {
    send: ({ data, all, timeout }, report) => {
      const total = byteLength(data);
      const current: Op = { data, total, all, timeout, report, sent: 0, handed: 0, stop, taken: soFar };
      if (!op && waiting.length === 0) begin(current);
      else if (timeout === 0) report(failure('EAGAIN'));
      else waiting.push(current);
      return op === current || waiting.includes(current) ? current : null;
    },
    shut: () => {
      shut = true;
      if (op) settle(op, failure('EPIPE', undefined, op.sent || undefined));
    },
    dispose: () => {
      clearImmediate(again);
      const left = op ? [op, ...waiting] : [];
      op = null;
      waiting.length = 0;
      for (const current of left) current.report(failure('CLOSED', undefined, current.sent || undefined));
    },
  };
};
