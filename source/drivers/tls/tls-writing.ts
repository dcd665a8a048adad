import { slice } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { Direction } from '../sockets/direction.ts';
import type { Status } from '../sockets/ends.ts';
import type { Report } from '../sockets/report.ts';
import { type Outgoing, SendInFlight } from '../sockets/send-in-flight.ts';
import { notNow } from '../sockets/status.ts';
import type { WritingNews } from '../sockets/tcp-writing.ts';
import type { TlsOutput } from './tls-output.ts';
import type { TlsSession } from './tls-session.ts';

/** Bytes made into records at a time; one record's worth (RFC 8446, 5.1) where a deadline may leave the rest behind. */
const chunkSize = 64 << 10;
const recordSize = 16 << 10;

/** Bytes in one turn of the event loop, or a fast reader would keep everything else waiting. */
const bytesPerTurn = 1 << 20;

/** In CPython every trouble of the socket below is an end that TLS did not announce (SSL_write_ex(3), _ssl.c). */
const failureOfWrite = (count: number): Failure => failure('SSL_EOF', undefined, count || undefined);

/** `chunk`: bytes of which the kernel has not the records yet. */
class Send extends SendInFlight {
  chunk = 0;
  private readonly writing: TlsWriting;

  constructor(writing: TlsWriting, outgoing: Outgoing, report: Report) {
    super(outgoing, report);
    this.writing = writing;
  }

  stop(): number {
    return this.writing.stop(this);
  }

  taken(): number {
    return this.sent;
  }
}

/**
 * The sending side of a wrapped socket. As in CPython a send is whole or it has failed: of a record the kernel may have taken
 * a part, and of a part the peer can read nothing.
 */
export class TlsWriting extends Direction<Send> {
  private readonly session: TlsSession;
  private readonly output: TlsOutput;
  private readonly news: WritingNews;
  private readonly scratch = Buffer.allocUnsafeSlow(chunkSize);
  private again: NodeJS.Immediate | undefined;
  private isShut = false;
  private isWaiting = false;

  constructor(session: TlsSession, output: TlsOutput, news: WritingNews) {
    super();
    this.session = session;
    this.output = output;
    this.news = news;
  }

  send(outgoing: Outgoing, report: Report): Running | null {
    return this.enter(new Send(this, outgoing, report));
  }

  /** SHUT_WR: EPIPE from now on. */
  shut(): void {
    this.isShut = true;
    const { op } = this;
    if (op) this.settle(op, failure('EPIPE', undefined, op.moved()));
  }

  /** How many bytes of it are in records that the kernel took. */
  stop(call: Send): number {
    this.withdraw(call);
    if (this.op !== call) return 0;
    this.clear();
    const { chunk, left } = call;
    // Its record is on its way and goes out whole.
    if (chunk > 0)
      this.output.wait(() => {
        if (this.output.flush() < 0) return;
        this.news.late(chunk);
        left?.(chunk);
      });
    this.next();
    return call.sent;
  }

  /** Ends what is in flight with CLOSED. */
  dispose(): void {
    clearImmediate(this.again);
    this.endAll();
  }

  protected begin(call: Send): void {
    this.op = call;
    if (this.isShut) return this.settle(call, failure('EPIPE'));
    if (call.timeout === 0 && this.output.flush() === notNow)
      return this.settle(call, failure('SSL_WANT_WRITE'));
    this.pump(call);
  }

  private pump(call: Send): void {
    this.again = undefined;
    for (let written = 0; this.op === call; ) {
      if (!this.isOut(call)) return;
      if (call.sent >= call.total) return this.finish(call);
      if (written >= bytesPerTurn) {
        this.again = setImmediate(() => this.pump(call));
        return;
      }
      const most = call.timeout === null ? chunkSize : recordSize;
      const chunk = slice(call.data, call.sent, most, this.scratch);
      const step = this.session.write(chunk);
      if (step.kind === 'failed') return this.settle(call, step.failure);
      if (step.kind !== 'bytes') return this.settle(call, failureOfWrite(call.sent));
      call.chunk = chunk.length;
      written += chunk.length;
    }
  }

  /** Takes notice of what has become of the last chunk; false: it is not out yet, or never will be. */
  private isOut(call: Send): boolean {
    const status: Status = this.output.flush();
    if (status === notNow) this.waitForRoom();
    else if (status < 0) this.settle(call, failureOfWrite(call.sent));
    if (status < 0) return false;
    call.sent += call.chunk;
    call.chunk = 0;
    return true;
  }

  /** The kernel has no room for a record that was made: goes on once it has. */
  private waitForRoom(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.output.wait(() => {
      this.isWaiting = false;
      if (this.op) this.pump(this.op);
    });
  }

  private finish(call: Send): void {
    this.settle(call, call.all ? ok : { kind: 'count', count: call.total });
  }

  private settle(call: Send, outcome: Outcome): void {
    this.clear();
    call.report(outcome);
    this.news.wrote();
    this.next();
  }

  private clear(): void {
    clearImmediate(this.again);
    this.again = undefined;
    this.op = null;
  }
}
