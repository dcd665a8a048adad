import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import { type Faults, isOff, unfit } from '../../core/model/faults.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import type { PerformOptions } from '../engine/bench.ts';
import { createFaultLines, type LinesHost } from './fault-lines.ts';

export type FaultHost = Omit<LinesHost, 'faults'> & {
  readonly cancel: (id: number) => boolean;
  /** Whatever receives on the socket, or on what was accepted from it, is to ask anew. */
  readonly askAgain: (socket: string) => void;
};

/** What behaviours do, as far as the faults of its socket let it through: a `perform` like any other. */
export type FaultyCalls = {
  readonly perform: (call: Call, options: PerformOptions) => number;
  readonly cancel: (id: number) => boolean;
  /** Why the socket cannot have these; null where it has them now, in place of all that it had. None: off. */
  readonly set: (socket: string, faults: Faults) => string | null;
  /** The socket is closed. */
  readonly forget: (socket: string) => void;
  readonly stop: () => void;
};

/** A receive that is not made while its socket is stalled; `id`: the call that was made of it since, 0 for none. */
type Parked = { readonly call: Call; readonly options: PerformOptions; id: number };

const none: Faults = {};

export const createFaultyCalls = (host: FaultHost): FaultyCalls => {
  const own = new Map<string, Faults>();
  /** By handles below 0, which are no call's id. */
  const parked = new Map<number, Parked>();
  let lastHandle = 0;

  const of = (name: string): Faults => {
    if (own.size === 0) return none;
    return own.get(name) ?? own.get(host.socket(name)?.listener ?? '') ?? none;
  };

  const lines = createFaultLines({ ...host, faults: of });

  /** What is received is counted, and no more of it asked for than the connection is to last. */
  const counted = (call: Call, options: PerformOptions): number => {
    const { cut } = of(call.on);
    if (cut?.of !== 'received' || !('size' in call) || call.size === undefined)
      return host.perform(call, options);
    const left = cut.after - lines.received(call.on);
    const asked = left > 0 && call.size > left ? ({ ...call, size: left } as Call) : call;
    const onEnd = (outcome: Outcome) => {
      if (outcome.kind === 'data') lines.receive(call.on, outcome.data.length);
      options.onEnd?.(outcome);
    };
    return host.perform(asked, { ...options, onEnd });
  };

  const park = (call: Call, options: PerformOptions): number => {
    const handle = --lastHandle;
    const onEnd = (outcome: Outcome) => {
      parked.delete(handle);
      options.onEnd?.(outcome);
    };
    parked.set(handle, { call, options: { ...options, onEnd }, id: 0 });
    return handle;
  };

  /** Receives that nothing stalls any more. */
  const unpark = () => {
    for (const one of parked.values()) {
      if (one.id === 0 && !of(one.call.on).stall) one.id = counted(one.call, one.options);
    }
  };

  const perform: FaultyCalls['perform'] = (call, options) => {
    if (own.size === 0 && !lines.has(call.on)) return host.perform(call, options);
    const faults = of(call.on);
    const { moves, ends } = calls[call.name];
    if (moves === 'in') return faults.stall ? park(call, options) : counted(call, options);
    if ((moves !== 'out' && ends === null) || (isOff(faults) && !lines.has(call.on)))
      return host.perform(call, options);
    lines.take(call, options);
    return 0;
  };

  const isUnder = (name: string, changed: string): boolean =>
    name === changed || host.socket(name)?.listener === changed;

  const set: FaultyCalls['set'] = (name, faults) => {
    const socket = host.socket(name);
    if (!socket) return `there is no socket ${name}`;
    const why = unfit(faults, name, carriesDatagrams(socket));
    if (why !== null) return why;
    const hadStall = of(name).stall;
    // The last word counts: what one accepted socket had for itself gives way to what its listener has now.
    for (const other of [...own.keys()]) if (isUnder(other, name)) own.delete(other);
    if (!isOff(faults) || socket.listener !== '') own.set(name, faults);
    host.entry({ kind: 'faults', t: host.now(), socket: name, faults });
    for (const other of lines.names()) if (isUnder(other, name)) lines.renew(other);
    // What is in flight asks for more than may be received.
    if ((faults.stall && !hadStall) || faults.cut?.of === 'received') host.askAgain(name);
    unpark();
    return null;
  };

  return {
    perform,
    set,
    cancel: id => {
      if (id >= 0) return host.cancel(id);
      const one = parked.get(id);
      if (!one) return false;
      if (one.id !== 0) return host.cancel(one.id);
      const interrupted = failure('INTERRUPTED');
      one.options.decide?.(interrupted);
      one.options.onEnd?.(interrupted);
      return true;
    },
    forget: name => {
      lines.forget(name);
      for (const [handle, { call }] of parked) if (call.on === name) parked.delete(handle);
      // What was accepted from it goes on without them, as it does without its rules.
      if (!own.delete(name)) return;
      for (const other of lines.names()) if (isUnder(other, name)) lines.renew(other);
      unpark();
    },
    stop: lines.stop,
  };
};
