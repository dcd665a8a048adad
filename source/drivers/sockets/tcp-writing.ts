import { constants } from 'node:os';
import { type Bytes, slice } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { Direction } from './direction.ts';
import type { Status, TcpEnd } from './ends.ts';
import { answer, type Report } from './report.ts';
import { type Outgoing, SendInFlight } from './send-in-flight.ts';
import { cancelled, failureOf, notNow } from './status.ts';

/** Bytes of the data that are handed to the kernel at a time. Repeated payloads are written from one buffer of this size. */
const chunkSize = 256 << 10;

/** One byte suffices to hear of room, and is all that a stopped send leaves behind. */
const handedBytes = 1;

/** Bytes in one turn of the event loop, or a fast reader would keep everything else waiting. */
const bytesPerTurn = 1 << 20;

const nothing = new Uint8Array(0);

/** What others want to know of: that a call has written, and bytes of a stopped call that left after its end. */
export type WritingNews = { readonly wrote: () => void; readonly late: (bytes: number) => void };

/** The bytes that a write is made of: repeated payloads in one buffer, which the kernel copies during write(2). */
class Chunks {
  private scratch: Uint8Array | undefined;
  private filledFrom: Bytes | null = null;

  /** What follows the first `from` of `total` bytes, or its beginning; valid until the next call. */
  at(data: Bytes, from: number, total: number): Uint8Array {
    if (data.kind !== 'repeat') return slice(data, from, total - from);
    this.scratch ??= Buffer.allocUnsafeSlow(chunkSize);
    // One byte over and over: what the scratch holds fits at any offset.
    if (this.filledFrom === data) return this.scratch.subarray(0, Math.min(chunkSize, total - from));
    this.filledFrom = data.unit.length === 1 && total - from >= chunkSize ? data : null;
    return slice(data, from, chunkSize, this.scratch);
  }
}

class Send extends SendInFlight {
  private readonly writing: TcpWriting;

  constructor(writing: TcpWriting, outgoing: Outgoing, report: Report) {
    super(outgoing, report);
    this.writing = writing;
  }

  stop(): number {
    return this.writing.stop(this);
  }

  taken(): number {
    return this.writing.taken(this);
  }
}

/** A piece handed over whose end was not told yet. `of`: the send in whose count it is missing, null in nobody's. */
type Piece = { readonly size: number; of: Send | null };

/** The sending side of one connected TCP socket. */
export class TcpWriting extends Direction<Send> {
  private readonly end: TcpEnd;
  private readonly news: WritingNews;
  private readonly chunks = new Chunks();
  private isShut = false;
  /** An error that came after a send had bytes to count: the next call's. */
  private keptError: Status = 0;
  /** Whatever became of its send, nothing is written until its end is told: it would overtake. */
  private piece: Piece | null = null;
  /** A call that has begun waits for one of the two: its next turn, or the end of a piece. */
  private again: NodeJS.Immediate | undefined;

  constructor(end: TcpEnd, news: WritingNews) {
    super();
    this.end = end;
    this.news = news;
  }

  send(outgoing: Outgoing, report: Report): Running | null {
    return outgoing.timeout === 0 && this.isBusy()
      ? answer(report, failure('EAGAIN'))
      : this.enter(new Send(this, outgoing, report));
  }

  /** SHUT_WR: EPIPE from now on. Answers once the kernel has everything that was handed over. */
  shut(): void {
    this.isShut = true;
    const { op } = this;
    if (op) this.settle(op, failure('EPIPE', undefined, this.closeCount(op) || undefined));
  }

  /** How many bytes of it the kernel took. */
  stop(call: Send): number {
    this.withdraw(call);
    if (this.op !== call) return 0;
    const count = this.closeCount(call);
    this.clear();
    this.next();
    return count;
  }

  taken(call: Send): number {
    return call.sent + (this.hasPiece(call) ? this.piece!.size : 0);
  }

  /** Ends what is in flight with CLOSED. */
  dispose(): void {
    if (this.op) this.closeCount(this.op);
    clearImmediate(this.again);
    this.again = undefined;
    this.endAll();
  }

  protected begin(call: Send): void {
    this.op = call;
    const status = this.keptError;
    this.keptError = 0;
    if (status !== 0) this.settle(call, failureOf(status));
    else if (this.isShut) this.settle(call, failureOf(this.afterFin()));
    else if (!this.piece) this.pump(call);
    else if (call.timeout === 0) {
      if (this.end.pending() > 0) this.settle(call, failure('EAGAIN'));
      else this.pump(call);
    }
  }

  /** A reset that the socket has not told yet goes before EPIPE (sk_stream_error in net/core/stream.c): an empty write asks. */
  private afterFin(): Status {
    const told = this.end.exact ? this.end.writeNow(nothing) : 0;
    return told < 0 && told !== notNow ? told : -constants.errno.EPIPE;
  }

  private pump(call: Send): void {
    this.again = undefined;
    if (this.findsClosed(call)) return;
    for (let written = 0; this.op === call; ) {
      const chunk = this.chunks.at(call.data, call.sent, call.total);
      const count = this.end.writeNow(chunk);
      if (count < 0 && count !== notNow) return this.fail(call, count);
      if (count > 0) call.sent += count;
      if (call.sent >= call.total) return this.finish(call);
      // A socket with a timeout is non-blocking inside: send returns what the kernel took.
      if (call.sent > 0 && !call.all && call.timeout !== null) {
        if (count !== chunk.length) return this.finish(call);
      }
      if (count === notNow) {
        if (!this.handOver(call)) return;
        continue;
      }
      written += count;
      if (written >= bytesPerTurn) {
        this.again = setImmediate(() => this.pump(call));
        return;
      }
    }
  }

  /** With a timeout CPython waits in poll(2); the send(2) after it finds the descriptor closed. */
  private findsClosed(call: Send): boolean {
    if (!this.isLetGo() || call.timeout === null) return false;
    this.settle(call, failure('EBADF', undefined, call.moved()));
    return true;
  }

  /** No room: hands over a piece in order to hear of room. True where there was room after all. */
  private handOver(call: Send): boolean {
    if (call.timeout === 0) {
      this.settle(call, failure('EAGAIN', undefined, call.moved()));
      return false;
    }
    // A copy: what the chunk lies in may be filled anew while the piece is on its way.
    const chunk = this.chunks.at(call.data, call.sent, call.total);
    const bytes = new Uint8Array(chunk.subarray(0, handedBytes));
    const status = this.end.hand(bytes, this.landed);
    if (status < 0) this.fail(call, status);
    else if (status === 0) this.piece = { size: bytes.length, of: call };
    if (status <= 0) return false;
    call.sent += status;
    if (call.sent >= call.total) this.finish(call);
    return this.op === call;
  }

  /** The end of the piece: the kernel has it, or an error, which is that of whoever sends now. */
  private readonly landed = (status: Status): void => {
    const { size, of } = this.piece!;
    this.piece = null;
    if (status < 0 && status !== cancelled) {
      if (this.op) return this.fail(this.op, status);
      this.keptError = status;
    } else if (status === 0 && of) {
      if (of === this.op) of.sent += size;
      else {
        this.news.late(size);
        of.left?.(size);
      }
    }
    this.goOn();
  };

  private goOn(): void {
    const { op } = this;
    if (!op || this.piece || this.again || this.findsClosed(op)) return;
    if (op.sent >= op.total && op.sent > 0) this.finish(op);
    else this.pump(op);
  }

  /** The kernel may have a piece before anybody says so. */
  private hasPiece(call: Send): boolean {
    return this.piece?.of === call && this.end.pending() === 0;
  }

  /** The count with which a call ends whose piece may still be on its way: what is in it is not told as late. */
  private closeCount(call: Send): number {
    if (this.hasPiece(call)) {
      call.sent += this.piece!.size;
      this.piece!.of = null;
    }
    return call.sent;
  }

  private finish(call: Send): void {
    this.settle(call, call.all ? ok : { kind: 'count', count: call.sent });
  }

  private fail(call: Send, status: Status): void {
    if (call.all || call.sent === 0) return this.settle(call, failureOf(status, undefined, call.moved()));
    this.keptError = status;
    this.finish(call);
  }

  private settle(call: Send, outcome: Outcome): void {
    this.clear();
    call.report(outcome);
    this.news.wrote();
    this.next();
  }

  private clear(): void {
    if (this.again) clearImmediate(this.again);
    this.again = undefined;
    this.op = null;
  }
}
