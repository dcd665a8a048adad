import { type Bytes, byteLength, slice } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Status } from '../sockets/ends.ts';
import type { Report } from '../sockets/report.ts';
import { notNow } from '../sockets/status.ts';
import type { Outgoing, TcpWriting, WritingNews } from '../sockets/tcp-writing.ts';
import type { TlsOutput } from './tls-output.ts';
import type { TlsSession } from './tls-session.ts';

/** Bytes made into records at a time; one record's worth (RFC 8446, 5.1) where a deadline may leave the rest behind. */
const chunkSize = 64 << 10;
const recordSize = 16 << 10;

/** Bytes in one turn of the event loop, or a fast reader would keep everything else waiting. */
const bytesPerTurn = 1 << 20;

/** A call in flight. `sent` are bytes whose records the kernel has, `chunk` those whose records it has not yet. */
type Op = Running & {
  readonly data: Bytes;
  readonly total: number;
  readonly all: boolean;
  readonly timeout: number | null;
  readonly left: Outgoing['left'];
  readonly report: Report;
  sent: number;
  chunk: number;
};

/** In CPython every trouble of the socket below is an end that TLS did not announce (SSL_write_ex(3), _ssl.c). */
const failureOfWrite = (count: number): Failure => failure('SSL_EOF', undefined, count || undefined);

/**
 * The sending side of a wrapped socket. As in CPython a send is whole or it has failed: of a record the kernel may have taken
 * a part, and of a part the peer can read nothing.
 */
export const createTlsWriting = (
  session: TlsSession,
  output: TlsOutput,
  { wrote, late }: WritingNews,
): TcpWriting => {
  let op: Op | null = null;
  const waiting: Op[] = [];
  const scratch = Buffer.allocUnsafeSlow(chunkSize);
  let again: NodeJS.Immediate | undefined;
  let shut = false;
  let isWaiting = false;
  let onLast: (() => void) | null = null;

  const settle = (current: Op, outcome: Outcome) => {
    clearImmediate(again);
    again = undefined;
    op = null;
    current.report(outcome);
    wrote();
    next();
  };

  const next = () => {
    if (op) return;
    const following = waiting.shift();
    if (following) begin(following);
    else onLast?.();
  };

  const finish = (current: Op) => settle(current, current.all ? ok : { kind: 'count', count: current.total });

  /** The kernel has no room for a record that was made: goes on once it has. */
  const waitForRoom = () => {
    if (isWaiting) return;
    isWaiting = true;
    output.wait(() => {
      isWaiting = false;
      if (op) pump(op);
    });
  };

  /** Takes notice of what has become of the last chunk; false: it is not out yet, or never will be. */
  const isOut = (current: Op): boolean => {
    const status: Status = output.flush();
    if (status === notNow) waitForRoom();
    else if (status < 0) settle(current, failureOfWrite(current.sent));
    if (status < 0) return false;
    current.sent += current.chunk;
    current.chunk = 0;
    return true;
  };

  const pump = (current: Op) => {
    again = undefined;
    for (let written = 0; op === current; ) {
      if (!isOut(current)) return;
      if (current.sent >= current.total) return finish(current);
      if (written >= bytesPerTurn) {
        again = setImmediate(pump, current);
        return;
      }
      const most = current.timeout === null ? chunkSize : recordSize;
      const chunk = slice(current.data, current.sent, most, scratch);
      const step = session.write(chunk);
      if (step.kind === 'failed') return settle(current, step.failure);
      if (step.kind !== 'bytes') return settle(current, failureOfWrite(current.sent));
      current.chunk = chunk.length;
      written += chunk.length;
    }
  };

  const begin = (current: Op) => {
    op = current;
    if (shut) return settle(current, failure('EPIPE'));
    if (current.timeout === 0 && output.flush() === notNow) return settle(current, failure('SSL_WANT_WRITE'));
    pump(current);
  };

  function stop(this: Op): number {
    const index = waiting.indexOf(this);
    if (index >= 0) waiting.splice(index, 1);
    if (op !== this) return 0;
    clearImmediate(again);
    again = undefined;
    op = null;
    const { chunk, left } = this;
    // Its record is on its way and goes out whole.
    if (chunk > 0)
      output.wait(() => {
        if (output.flush() < 0) return;
        late(chunk);
        left?.(chunk);
      });
    next();
    return this.sent;
  }

  function soFar(this: Op): number {
    return this.sent;
  }

  return {
    send: ({ data, all, timeout, left }, report) => {
      const total = byteLength(data);
      const current: Op = { data, total, all, timeout, left, report, sent: 0, chunk: 0, stop, taken: soFar };
      if (op || waiting.length > 0) waiting.push(current);
      else begin(current);
      return op === current || waiting.includes(current) ? current : null;
    },
    shut: () => {
      shut = true;
      if (op) settle(op, failure('EPIPE', undefined, op.sent || undefined));
    },
    inside: () => op !== null,
    letGo: then => {
      onLast = then;
    },
    dispose: () => {
      const ended = op ? [op, ...waiting] : [];
      clearImmediate(again);
      op = null;
      waiting.length = 0;
      onLast = null;
      for (const current of ended) current.report(failure('CLOSED', undefined, current.sent || undefined));
    },
  };
};
