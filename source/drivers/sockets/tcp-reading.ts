import type { RecvFlag } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { nativeSockets } from '../native/native-socket.ts';
import { type DirectedCall, Direction } from './direction.ts';
import type { ReadableEnd, Status } from './ends.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import { answer, type Report } from './report.ts';
import { failureOf, notNow } from './status.ts';

/** A receive as asked for; `timeout` in ms as the socket has it. */
export type Wanted = {
  readonly size: number;
  readonly flags: readonly RecvFlag[];
  readonly timeout: number | null;
};

/** Reads in one turn of the event loop, so that a flood leaves the keys answering (libuv's own limit is 32). */
const readsPerTurn = 32;

/** And bytes: what large reads take is often sent on at once, which takes as long again. */
const bytesPerTurn = 4 << 20;

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

/** A receive in flight. */
class Receive implements DirectedCall {
  readonly size: number;
  /** `kernel`: MSG_PEEK by the native part. `modelled`: read, and given back here. */
  peek: 'kernel' | 'modelled' | 'no';
  /** MSG_WAITALL where it counts: a socket with a timeout is non-blocking inside, so recv returns what is there. */
  readonly all: boolean;
  readonly noWait: boolean;
  /** On a socket with a timeout, where CPython waits in poll(2) before it calls recv(2). */
  readonly timed: boolean;
  readonly report: Report;
  parts: Uint8Array[] | null = null;
  got = 0;
  private readonly reading: TcpReading;

  constructor(reading: TcpReading, end: ReadableEnd, { size, flags, timeout }: Wanted, report: Report) {
    const plain = flags.length === 0;
    this.size = size;
    this.noWait = timeout === 0 || (!plain && timeout === null && flags.includes('MSG_DONTWAIT'));
    this.all = !plain && timeout === null && !this.noWait && flags.includes('MSG_WAITALL');
    this.peek =
      plain || !flags.includes('MSG_PEEK') ? 'no' : this.all || !canPeek(end) ? 'modelled' : 'kernel';
    this.timed = timeout !== null;
    this.report = report;
    this.reading = reading;
  }

  add(part: Uint8Array): void {
    this.got += part.length;
    if (this.parts) this.parts.push(part);
    else this.parts = [part];
  }

  data(): Uint8Array {
    return this.parts ? joined(this.parts, this.got) : nothing;
  }

  stop(): number {
    return this.reading.stop(this);
  }

  taken(): number {
    return this.got;
  }

  moved(): undefined {}
}

/** The receiving side of one connected TCP socket. */
export class TcpReading extends Direction<Receive> {
  private readonly end: ReadableEnd;
  private readonly memory: ReceiveMemory;
  private readonly turn: (woken: () => void) => void;
  private watching = false;
  private doubts = 0;
  private isShut = false;
  /** Taken from the kernel and given back: by MSG_PEEK, or by a MSG_WAITALL that was stopped. Modelled. */
  private held: Uint8Array = nothing;
  /** An error that ended a MSG_WAITALL which had bytes to return: the next call's. */
  private keptError: Status = 0;

  /** `turn` runs what the kernel's word that the socket is readable sets off. */
  constructor(end: ReadableEnd, memory: ReceiveMemory, turn: (woken: () => void) => void) {
    super();
    this.end = end;
    this.memory = memory;
    this.turn = turn;
  }

  recv(wanted: Wanted, report: Report): Running | null {
    if (wanted.size === 0) return answer(report, { kind: 'data', data: nothing });
    const call = new Receive(this, this.end, wanted, report);
    return call.noWait && this.isBusy() ? answer(report, failure('EAGAIN')) : this.enter(call);
  }

  /** SHUT_RD: what is queued is still handed out, then EOF; a blocked recv ends with EOF. */
  shut(): void {
    this.isShut = true;
    if (this.op) this.attemptOnce(this.op);
  }

  /** Looks again whether a blocked recv can end. */
  readonly serve = (): void => {
    const { op } = this;
    if (!op || this.waitsForNothing(op) || this.attempt(op) !== 'filled') return;
    if (this.doubts > 0) this.doubts--;
    else this.readOn();
  };

  /** How many bytes of it were put back for the next call. */
  stop(call: Receive): number {
    if (this.op !== call) {
      this.withdraw(call);
      return 0;
    }
    if (call.parts) this.giveBack(call.data());
    this.op = null;
    this.next();
    return call.got;
  }

  /** Ends what is in flight with CLOSED. */
  dispose(): void {
    this.unwatch();
    this.held = nothing;
    this.endAll();
  }

  protected begin(call: Receive): void {
    this.op = call;
    if (this.waitsForNothing(call)) return this.watch(call);
    if (this.keptError !== 0) {
      const status = this.keptError;
      this.keptError = 0;
      return this.settle(call, failureOf(status));
    }
    if (this.held.length > 0) {
      if (call.peek === 'kernel') call.peek = 'modelled';
      this.fromHeld(call);
    } else if (call.noWait) this.withoutWaiting(call);
    if (this.op === call) this.watch(call);
  }

  private readonly readable = (): void => {
    // Left on while calls follow each other; the first event that nobody waits for switches it off.
    const { op } = this;
    if (op && this.waitsForNothing(op)) this.settle(op, failure('EBADF'));
    else if (op) this.turn(this.serve);
    else this.unwatch();
  };

  /** Once poll(2) returns, its recv(2) finds the descriptor closed, and takes nothing. */
  private waitsForNothing(call: Receive): boolean {
    return call.timed && this.isLetGo();
  }

  /** The read was filled and the next call is there already: more may be, and costs no turn of the event loop. */
  private readOn(): void {
    for (let reads = 2; this.op && reads <= readsPerTurn && reads * this.op.size <= bytesPerTurn; reads++) {
      const result = this.attempt(this.op);
      if (result === 'nothing') this.doubts = doubtful;
      if (result !== 'filled') return;
    }
  }

  private watch(call: Receive): void {
    if (this.isShut && this.attemptOnce(call)) return;
    if (this.watching) return;
    const status = this.end.watch(this.readable);
    if (status < 0) this.settle(call, failureOf(status));
    else this.watching = true;
  }

  private unwatch(): void {
    if (this.watching) this.end.unwatch();
    this.watching = false;
  }

  /** One read(2) for the call. */
  private attempt(call: Receive): 'filled' | 'short' | 'nothing' {
    const { end, memory } = this;
    const { slab, offset, length } = memory.room(call.size - call.got);
    const count =
      call.peek === 'kernel'
        ? peekNow(end.fd(), slab.subarray(offset, offset + length))
        : end.readNow(slab, offset, length);
    if (count > 0) {
      this.took(call, memory.keep(count));
      return count === length ? 'filled' : 'short';
    }
    if (count === notNow) return 'nothing';
    if (count === 0) this.finish(call);
    else this.fail(call, count);
    return 'short';
  }

  private took(call: Receive, part: Uint8Array): void {
    if (call.peek === 'no' && !call.all) return this.settle(call, { kind: 'data', data: part });
    call.add(part);
    if (call.got >= call.size || !call.all) this.finish(call);
  }

  /** Reads without waiting; EOF where nothing is there. Only after SHUT_RD. */
  private attemptOnce(call: Receive): boolean {
    this.attempt(call);
    if (this.op === call) this.finish(call);
    return this.op !== call;
  }

  private withoutWaiting(call: Receive): void {
    this.attempt(call);
    if (this.op === call) this.settle(call, failure('EAGAIN'));
  }

  /** What was given back comes first; what is missing from it is read without waiting, as one recv would. */
  private fromHeld(call: Receive): void {
    const part = this.held.subarray(0, call.size);
    this.held = this.held.subarray(part.length);
    call.add(part);
    if (call.got >= call.size) return this.finish(call);
    const { slab, offset, length } = this.memory.room(call.size - call.got);
    const count = this.end.readNow(slab, offset, length);
    if (count > 0) call.add(this.memory.keep(count));
    else if (count < 0 && count !== notNow) return this.fail(call, count);
    if (call.got >= call.size || count === 0 || !call.all) this.finish(call);
  }

  private giveBack(data: Uint8Array): void {
    // Copied: what was handed out may be given back to the memory it lies in.
    this.held = Buffer.concat([data, this.held]);
  }

  private finish(call: Receive): void {
    const data = call.data();
    if (call.peek === 'modelled') this.giveBack(data);
    this.settle(call, { kind: 'data', data });
  }

  private fail(call: Receive, status: Status): void {
    if (call.got === 0) return this.settle(call, failureOf(status));
    this.keptError = status;
    this.finish(call);
  }

  private settle(call: Receive, outcome: Outcome): void {
    this.op = null;
    call.report(outcome);
    this.next();
  }
}
