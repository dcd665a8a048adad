import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { type Faults, isOff, unfit } from '../../core/model/faults.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import type { PerformOptions } from '../engine/bench.ts';
import { createFaultLines, type FaultLines } from './fault-lines.ts';
import type { LinesHost } from './held-sends.ts';
import { ParkedReceives } from './parked-receives.ts';

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

const none: Faults = {};

class FaultsInForce {
  private readonly host: FaultHost;
  private readonly own = new Map<string, Faults>();
  private readonly lines: FaultLines;
  private readonly parked: ParkedReceives;

  constructor(host: FaultHost) {
    this.host = host;
    this.lines = createFaultLines({ ...host, faults: name => this.of(name) });
    this.parked = new ParkedReceives((call, options) => this.counted(call, options), host.cancel);
  }

  perform(call: Call, options: PerformOptions): number {
    const { host, lines } = this;
    if (this.own.size === 0 && !lines.has(call.on)) return host.perform(call, options);
    const faults = this.of(call.on);
    const { moves, ends } = calls[call.name];
    if (moves === 'in') return faults.stall ? this.parked.park(call, options) : this.counted(call, options);
    if ((moves !== 'out' && ends === null) || (isOff(faults) && !lines.has(call.on)))
      return host.perform(call, options);
    lines.take(call, options);
    return 0;
  }

  cancel(id: number): boolean {
    return id >= 0 ? this.host.cancel(id) : this.parked.cancel(id);
  }

  set(name: string, faults: Faults): string | null {
    const { host, own } = this;
    const socket = host.socket(name);
    if (!socket) return t`there is no socket ${name}`;
    const why = unfit(faults, name, carriesDatagrams(socket));
    if (why !== null) return why;
    const hadStall = this.of(name).stall;
    // The last word counts: what one accepted socket had for itself gives way to what its listener has now.
    for (const other of [...own.keys()]) if (this.isUnder(other, name)) own.delete(other);
    if (!isOff(faults) || socket.listener !== '') own.set(name, faults);
    host.entry({ kind: 'faults', t: host.now(), socket: name, faults });
    this.renewLines(name);
    // What is in flight asks for more than may be received.
    if ((faults.stall && !hadStall) || faults.cut?.of === 'received') host.askAgain(name);
    this.unpark();
    return null;
  }

  forget(name: string): void {
    this.lines.forget(name);
    this.parked.forget(name);
    // What was accepted from it goes on without them, as it does without its rules.
    if (!this.own.delete(name)) return;
    this.renewLines(name);
    this.unpark();
  }

  stop(): void {
    this.lines.stop();
  }

  private of(name: string): Faults {
    const { own } = this;
    if (own.size === 0) return none;
    return own.get(name) ?? own.get(this.host.socket(name)?.listener ?? '') ?? none;
  }

  private isUnder(name: string, changed: string): boolean {
    return name === changed || this.host.socket(name)?.listener === changed;
  }

  private renewLines(changed: string): void {
    for (const name of this.lines.names()) if (this.isUnder(name, changed)) this.lines.renew(name);
  }

  private unpark(): void {
    this.parked.letGo(({ on }) => !this.of(on).stall);
  }

  /** What is received is counted, and no more of it asked for than the connection is to last. */
  private counted(call: Call, options: PerformOptions): number {
    const { host, lines } = this;
    const { cut } = this.of(call.on);
    if (cut?.of !== 'received' || !('size' in call) || call.size === undefined)
      return host.perform(call, options);
    const left = cut.after - lines.received(call.on);
    const asked = left > 0 && call.size > left ? ({ ...call, size: left } as Call) : call;
    const onEnd = (outcome: Outcome) => {
      if (outcome.kind === 'data') lines.receive(call.on, outcome.data.length);
      options.onEnd?.(outcome);
    };
    return host.perform(asked, { ...options, onEnd });
  }
}

export const createFaultyCalls = (host: FaultHost): FaultyCalls => {
  const faults = new FaultsInForce(host);
  return {
    perform: (call, options) => faults.perform(call, options),
    cancel: id => faults.cancel(id),
    set: (socket, those) => faults.set(socket, those),
    forget: socket => faults.forget(socket),
    stop: () => faults.stop(),
  };
};
