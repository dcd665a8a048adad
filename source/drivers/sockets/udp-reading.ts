import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Status, UdpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import { answer, type Report } from './report.ts';
import { failureOf } from './status.ts';
import type { Wanted } from './tcp-reading.ts';
import { inOneTurn } from './turn.ts';

/** `length`: of all of it, of which `data` is less where there was not room for it. */
type Datagram = { readonly data: Uint8Array; readonly length: number; readonly from: Endpoint };

const nothing = new Uint8Array(0);

/** A call in flight: a flood makes hundreds of thousands a second. */
class Receive implements Running {
  readonly size: number;
  readonly peek: boolean;
  readonly from: boolean;
  readonly blocking: boolean;
  readonly report: Report;
  cancelTurn: (() => void) | undefined = undefined;
  private readonly reading: UdpReading;

  constructor(reading: UdpReading, { size, flags, timeout }: Wanted, from: boolean, report: Report) {
    this.size = size;
    this.peek = flags.includes('MSG_PEEK');
    this.from = from;
    this.blocking = timeout === null;
    this.report = report;
    this.reading = reading;
  }

  stop(): number {
    this.reading.stop(this);
    return 0;
  }

  taken(): number {
    return 0;
  }
}

/**
 * Truncated to the size asked for. Node has taken the whole datagram, so what is lost can be told. An empty one always
 * names its sender: without, no bytes would be the end of a stream.
 */
const received = (op: Receive, data: Uint8Array, length: number, from: Endpoint): Outcome => {
  const kept = data.length > op.size ? data.slice(0, op.size) : data;
  const lost = length - kept.length;
  const named = op.from || data.length === 0;
  if (lost > 0 && !op.peek) {
    return named ? { kind: 'data', data: kept, from, lost } : { kind: 'data', data: kept, lost };
  }
  return named ? { kind: 'data', data: kept, from } : { kind: 'data', data: kept };
};

/** The receiving side of one UDP socket: one datagram a call, the rest stays queued in the kernel. */
export class UdpReading implements Inside {
  private readonly bound: () => UdpEnd | null;
  private readonly memory: ReceiveMemory;
  private readonly calls: Receive[] = [];
  /** Taken by MSG_PEEK and given back: modelled. */
  private held: Datagram | null = null;
  private receiving: UdpEnd | null = null;
  private isShut = false;
  /** Set once the descriptor is closed: hears that no call is left. */
  private left: (() => void) | null = null;

  /** `bound` answers null while the socket has no address: nothing can arrive, and the kernel would just wait. */
  constructor(bound: () => UdpEnd | null, memory: ReceiveMemory) {
    this.bound = bound;
    this.memory = memory;
  }

  inside(): boolean {
    return this.calls.length > 0;
  }

  letGo(then: () => void): void {
    this.left = then;
  }

  /** `from`: the outcome names the sender, as recvfrom does; that of an empty datagram always does. */
  recv(wanted: Wanted, from: boolean, report: Report): Running | null {
    const { flags, timeout } = wanted;
    const call = new Receive(this, wanted, from, report);
    const noWait = timeout === 0 || (timeout === null && flags.includes('MSG_DONTWAIT'));
    if (!this.held || this.calls.length > 0) return this.wait(call, noWait);
    this.deliverHeld(call, this.held);
    return null;
  }

  /** SHUT_RD: blocking calls answer b'' where nothing is queued. */
  shut(): void {
    this.isShut = true;
    for (const call of this.calls) if (call.blocking) this.giveUp(call, { kind: 'data', data: nothing });
  }

  /** The socket has been bound: calls that wait can receive now. */
  resume(): void {
    if (this.calls.length > 0) this.receive();
  }

  stop(call: Receive): void {
    if (this.remove(call)) this.restIfIdle();
  }

  /** Ends what is in flight with CLOSED. */
  dispose(): void {
    this.hold();
    this.left = null;
    this.held = null;
    for (const call of this.calls.splice(0)) {
      call.cancelTurn?.();
      call.report(failure('CLOSED'));
    }
  }

  private wait(call: Receive, noWait: boolean): Running | null {
    this.calls.push(call);
    const status = this.receive();
    if (status < 0) {
      this.calls.pop();
      return answer(call.report, failureOf(status));
    }
    if (noWait) this.giveUp(call, failure('EAGAIN'));
    else if (this.isShut && call.blocking) this.giveUp(call, { kind: 'data', data: nothing });
    return call;
  }

  private receive(): Status {
    const end = this.receiving ? null : this.bound();
    const status = end?.receive(this.memory, this.arrived) ?? 0;
    if (end && status === 0) this.receiving = end;
    return status;
  }

  private readonly arrived = (status: Status, data: Uint8Array, from: Endpoint): void => {
    const call = this.calls.shift();
    if (!call) {
      this.memory.release(data);
      return this.hold();
    }
    call.cancelTurn?.();
    // A call with a timeout was in poll(2): its recv(2) finds the descriptor closed, and the datagram goes with the socket.
    if (this.left && !call.blocking) {
      this.memory.release(data);
      call.report(failure('EBADF'));
    } else if (status < 0) call.report(failureOf(status));
    else this.deliver(call, data, status, from);
    this.serveHeld();
    this.restIfIdle();
  };

  private deliver(call: Receive, data: Uint8Array, length: number, from: Endpoint): void {
    // Copied: what was handed out may be given back to the memory it lies in, and that only once.
    if (call.peek) this.held = { data: Buffer.from(data), length, from };
    call.report(received(call, data, length, from));
  }

  /** After a peek, calls that wait behind it are answered from what it gave back. */
  private serveHeld(): void {
    while (this.held && this.calls.length > 0) this.deliverHeld(this.calls.shift()!, this.held);
  }

  private deliverHeld(call: Receive, { data, length, from }: Datagram): void {
    this.held = null;
    this.deliver(call, data, length, from);
  }

  private giveUp(call: Receive, outcome: Outcome): void {
    call.cancelTurn = inOneTurn(() => {
      if (!this.remove(call)) return;
      call.report(outcome);
      this.restIfIdle();
    });
  }

  private remove(call: Receive): boolean {
    const index = this.calls.indexOf(call);
    if (index < 0) return false;
    call.cancelTurn?.();
    this.calls.splice(index, 1);
    return true;
  }

  private restIfIdle(): void {
    if (this.calls.length > 0) return;
    this.hold();
    this.left?.();
  }

  private hold(): void {
    this.receiving?.hold();
    this.receiving = null;
  }
}
