import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Status, UdpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import type { Report } from './report.ts';
import { failureOf } from './status.ts';
import type { Wanted } from './tcp-reading.ts';
import { inOneTurn } from './turn.ts';

/** The receiving side of one UDP socket: one datagram a call, the rest stays queued in the kernel. */
export type DatagramReading = Inside & {
  /** `from`: the outcome names the sender, as recvfrom does; that of an empty datagram always does. */
  readonly recv: (wanted: Wanted, from: boolean, report: Report) => Running | null;
  /** SHUT_RD: blocking calls answer b'' where nothing is queued. */
  readonly shut: () => void;
  /** The socket has been bound: calls that wait can receive now. */
  readonly resume: () => void;
  readonly dispose: () => void;
};

/** A call in flight; `stop` is one function for all of them, a flood makes hundreds of thousands a second. */
type Op = Running & {
  readonly size: number;
  readonly peek: boolean;
  readonly from: boolean;
  readonly blocking: boolean;
  readonly report: Report;
  cancelTurn: (() => void) | undefined;
};

type Datagram = { readonly data: Uint8Array; readonly from: Endpoint };

const nothingTaken = (): number => 0;

const nothing = new Uint8Array(0);

/**
 * Truncated to the size asked for. Node has taken the whole datagram, so what is lost can be told. An empty one always
 * names its sender: without, no bytes would be the end of a stream.
 */
const received = (op: Op, data: Uint8Array, from: Endpoint): Outcome => {
  const lost = data.length - op.size;
  const kept = lost > 0 ? data.slice(0, op.size) : data;
  const named = op.from || data.length === 0;
  if (lost > 0 && !op.peek) {
    return named ? { kind: 'data', data: kept, from, lost } : { kind: 'data', data: kept, lost };
  }
  return named ? { kind: 'data', data: kept, from } : { kind: 'data', data: kept };
};

/** `bound` answers null while the socket has no address: nothing can arrive, and the kernel would just wait. */
export const createDatagramReading = (bound: () => UdpEnd | null, memory: ReceiveMemory): DatagramReading => {
  const ops: Op[] = [];
  /** Taken by MSG_PEEK and given back: modelled. */
  let held: Datagram | null = null;
  let receiving: UdpEnd | null = null;
  let shut = false;
  /** Set once the descriptor is closed: hears that no call is left. */
  let left: (() => void) | null = null;

  const arrived = (status: Status, data: Uint8Array, from: Endpoint) => {
    const op = ops.shift();
    if (!op) return hold();
    op.cancelTurn?.();
    // A call with a timeout was in poll(2): its recv(2) finds the descriptor closed, and the datagram goes with the socket.
    if (left && !op.blocking) op.report(failure('EBADF'));
    else if (status < 0) op.report(failureOf(status));
    else deliver(op, memory.copy(data), from);
    serveHeld();
    if (ops.length === 0) rest();
  };

  const rest = () => {
    hold();
    left?.();
  };

  const deliver = (op: Op, data: Uint8Array, from: Endpoint) => {
    // Copied: what was handed out may be given back to the memory it lies in, and that only once.
    if (op.peek) held = { data: Buffer.from(data), from };
    op.report(received(op, data, from));
  };

  const hold = () => {
    receiving?.hold();
    receiving = null;
  };

  /** After a peek, calls that wait behind it are answered from what it gave back. */
  const serveHeld = () => {
    while (held && ops.length > 0) deliverHeld(ops.shift()!, held);
  };

  const deliverHeld = (op: Op, { data, from }: Datagram) => {
    held = null;
    deliver(op, data, from);
  };

  const remove = (op: Op): boolean => {
    const index = ops.indexOf(op);
    if (index < 0) return false;
    op.cancelTurn?.();
    ops.splice(index, 1);
    return true;
  };

  const giveUp = (op: Op, outcome: Outcome) => {
    op.cancelTurn = inOneTurn(() => {
      if (!remove(op)) return;
      op.report(outcome);
      if (ops.length === 0) rest();
    });
  };

  const receive = (): Status => {
    const end = receiving ? null : bound();
    const status = end?.receive(arrived) ?? 0;
    if (end && status === 0) receiving = end;
    return status;
  };

  function stop(this: Op): number {
    if (remove(this) && ops.length === 0) rest();
    return 0;
  }

  const wait = (op: Op, noWait: boolean): Running | null => {
    ops.push(op);
    const status = receive();
    if (status < 0) {
      ops.pop();
      op.report(failureOf(status));
      return null;
    }
    if (noWait) giveUp(op, failure('EAGAIN'));
    else if (shut && op.blocking) giveUp(op, { kind: 'data', data: nothing });
    return op;
  };

  return {
    recv: ({ size, flags, timeout }, from, report) => {
      const blocking = timeout === null;
      const noWait = timeout === 0 || (blocking && flags.includes('MSG_DONTWAIT'));
      const op: Op = {
        size,
        peek: flags.includes('MSG_PEEK'),
        from,
        blocking,
        report,
        cancelTurn: undefined,
        stop,
        taken: nothingTaken,
      };
      if (!held || ops.length > 0) return wait(op, noWait);
      deliverHeld(op, held);
      return null;
    },
    shut: () => {
      shut = true;
      for (const op of ops) if (op.blocking) giveUp(op, { kind: 'data', data: nothing });
    },
    resume: () => {
      if (ops.length > 0) receive();
    },
    inside: () => ops.length > 0,
    letGo: then => {
      left = then;
    },
    dispose: () => {
      hold();
      left = null;
      held = null;
      for (const op of ops.splice(0)) {
        op.cancelTurn?.();
        op.report(failure('CLOSED'));
      }
    },
  };
};
