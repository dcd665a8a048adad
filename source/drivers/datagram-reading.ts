import type { Running } from '../core/driver.ts';
import type { Endpoint } from '../core/names.ts';
import { failure, type Outcome } from '../core/outcome.ts';
import type { Status, UdpEnd } from './ends.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import { failureOf } from './status.ts';
import type { Report, Wanted } from './tcp-reading.ts';
import { inOneTurn } from './turn.ts';

/** The receiving side of one UDP socket: one datagram a call, the rest stays queued in the kernel. */
export type DatagramReading = {
  /** `from`: the outcome names the sender, as recvfrom does. */
  readonly recv: (wanted: Wanted, from: boolean, report: Report) => Running | null;
  /** SHUT_RD: blocking calls answer b'' where nothing is queued. */
  readonly shut: () => void;
  /** The socket has been bound: calls that wait can receive now. */
  readonly resume: () => void;
  readonly dispose: () => void;
};

type Op = {
  readonly size: number;
  readonly peek: boolean;
  readonly from: boolean;
  readonly blocking: boolean;
  readonly report: Report;
  cancelTurn: (() => void) | undefined;
};

type Datagram = { readonly data: Uint8Array; readonly from: Endpoint };

const nothing = new Uint8Array(0);

/** Truncated to the size asked for. Node has taken the whole datagram, so what is lost can be told. */
const received = (op: Op, { data, from }: Datagram): Outcome => {
  const lost = data.length - op.size;
  const kept = lost > 0 ? data.slice(0, op.size) : data;
  if (lost > 0 && !op.peek) {
    return op.from ? { kind: 'data', data: kept, from, lost } : { kind: 'data', data: kept, lost };
  }
  return op.from ? { kind: 'data', data: kept, from } : { kind: 'data', data: kept };
};

/** `bound` answers null while the socket has no address: nothing can arrive, and the kernel would just wait. */
export const createDatagramReading = (bound: () => UdpEnd | null, memory: ReceiveMemory): DatagramReading => {
  const ops: Op[] = [];
  /** Taken by MSG_PEEK and given back: modelled. */
  let held: Datagram | null = null;
  let receiving: UdpEnd | null = null;
  let shut = false;

  const arrived = (status: Status, data: Uint8Array, from: Endpoint) => {
    const op = ops.shift();
    if (!op) return hold();
    op.cancelTurn?.();
    if (status < 0) op.report(failureOf(status));
    else deliver(op, { data: memory.adopt(data), from });
    serveHeld();
    if (ops.length === 0) hold();
  };

  const deliver = (op: Op, datagram: Datagram) => {
    if (op.peek) held = datagram;
    op.report(received(op, datagram));
  };

  const hold = () => {
    receiving?.hold();
    receiving = null;
  };

  /** After a peek, calls that wait behind it are answered from what it gave back. */
  const serveHeld = () => {
    while (held && ops.length > 0) {
      const datagram = held;
      held = null;
      deliver(ops.shift()!, datagram);
    }
  };

  const remove = (op: Op): boolean => {
    const index = ops.indexOf(op);
    if (index < 0) return false;
    op.cancelTurn?.();
    ops.splice(index, 1);
    if (ops.length === 0) hold();
    return true;
  };

  const giveUp = (op: Op, outcome: Outcome) => {
    op.cancelTurn = inOneTurn(() => {
      if (remove(op)) op.report(outcome);
    });
  };

  const receive = (): Status => {
    const end = receiving ? null : bound();
    const status = end?.receive(arrived) ?? 0;
    if (end && status === 0) receiving = end;
    return status;
  };

  const running = (op: Op): Running => ({
    stop: () => {
      remove(op);
      return 0;
    },
    taken: () => 0,
  });

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
    return running(op);
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
      };
      if (!held || ops.length > 0) return wait(op, noWait);
      const datagram = held;
      held = null;
      deliver(op, datagram);
      return null;
    },
    shut: () => {
      shut = true;
      for (const op of ops) if (op.blocking) giveUp(op, { kind: 'data', data: nothing });
    },
    resume: () => {
      if (ops.length > 0) receive();
    },
    dispose: () => {
      hold();
      held = null;
      for (const op of ops.splice(0)) {
        op.cancelTurn?.();
        op.report(failure('CLOSED'));
      }
    },
  };
};
