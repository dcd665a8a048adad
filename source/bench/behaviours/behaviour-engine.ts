import type { Call } from '../../core/calls/call.ts';
import type { LoopName, Program } from '../../core/model/actors.ts';
import type { RepeatOver } from '../../core/model/repeat-plan.ts';
import { answersReceived } from '../../core/model/rule.ts';
import { shakesHands } from '../../core/model/transports.ts';
import type { PerformOptions } from '../engine/bench.ts';
import type { Clock } from '../engine/clock.ts';
import type { LiveSocket } from '../engine/registry.ts';
import { type AroundHost, AroundSocket, type AtWork } from './around-socket.ts';
import type { Around, BehaviourName, Subject } from './behaviour.ts';
import { createRuns, type Runs } from './behaviour-runs.ts';
import { behaviours } from './behaviours.ts';

export type EngineHost = AroundHost & {
  readonly perform: (call: Call, options: PerformOptions) => number;
  readonly cancel: (id: number) => boolean;
  /** This call is to follow one whose end is not told yet. */
  readonly comes: (call: Call) => void;
  readonly on: (program: Program, loop: LoopName) => boolean;
  readonly repeated: (socket: string, how: RepeatOver) => void;
  readonly socket: (
    name: string,
  ) => Pick<LiveSocket, 'actor' | 'family' | 'type' | 'listener' | 'mate'> | undefined;
  readonly after: Clock['after'];
};

/** Runs behaviours OF calls: an accept loop a listener, a receive loop a socket, where the program's loop is on. */
export type BehaviourEngine = {
  /**
   * A listener listens, or a socket can receive: its behaviour begins where the program's loop is on. `taken`: an
   * accept loop made it.
   */
  readonly ready: (socket: string, loop: LoopName, taken?: boolean) => void;
  /** The person turned a program's loop on or off. */
  readonly switched: (program: Program, loop: LoopName, on: boolean) => void;
  /** A socket, or what was accepted from it, answers by other rules now. */
  readonly ruled: (socket: string) => void;
  /** A listener is a relay now, or is none any more. */
  readonly relayed: (listener: string) => void;
  /** Whatever receives on a socket, or on what was accepted from it, leaves its call and makes it anew. */
  readonly askAgain: (socket: string) => void;
  /** Its behaviour makes no more calls, until it goes on. */
  readonly halt: (socket: string) => void;
  readonly goOn: (socket: string) => void;
  /** Sends again and again what its socket is to; ends it. */
  readonly beginRepeat: (socket: string) => void;
  readonly endRepeat: (socket: string) => void;
  /** Nothing that waits comes any more. */
  readonly stop: () => void;
  /** The socket is closed. */
  readonly forget: (socket: string) => void;
};

/** What could be begun, so that switching a loop on finds it. `fresh`: it never was. */
type Able = { readonly loop: BehaviourName; readonly taken: boolean; fresh: boolean };

/** Where a socket's repeat runs, beside what receives on it. */
const repeatOf = (socket: string): string => `${socket} repeat`;

class BehavioursAtWork implements AtWork {
  private readonly host: EngineHost;
  private readonly runs: Runs;
  private readonly able = new Map<string, Able>();
  /** Accepted sockets whose end lets a behaviour go on, and the listener that it is of. */
  private readonly servedBy = new Map<string, string>();
  /** Sockets that pass on datagrams, or did. */
  private readonly hubs = new Set<string>();

  constructor(host: EngineHost) {
    this.host = host;
    this.runs = createRuns({
      ...host,
      around: socket => this.aroundOf(socket),
      serves: (socket, run) => this.servedBy.set(socket, run.socket),
      over: host.repeated,
    });
  }

  ready(name: string, loop: LoopName, taken = this.able.get(name)?.taken ?? false): void {
    const socket = this.host.socket(name);
    // It was closed while the call that makes it able was inside. What a relay connects is received from by the relay.
    if (socket?.mate !== '') return;
    if (this.able.get(name)?.loop === 'relay-datagrams') return this.start(name);
    const fresh = this.able.get(name)?.fresh ?? true;
    const isRelayed = loop === 'receive' && fresh && this.host.target(socket.listener) !== null;
    this.able.set(name, { loop: isRelayed ? 'relay' : loop, taken, fresh });
    this.start(name);
  }

  start(name: string): void {
    const socket = this.host.socket(name);
    const what = this.able.get(name);
    if (!socket || !what || this.runs.at(name)) return;
    const { actor, family, type } = socket;
    if (!this.isOn(name, actor, what.loop) && this.host.rules(name).length === 0) return;
    const behaviour = behaviours[what.loop];
    const origin = this.servedBy.has(name) ? 'served' : what.taken ? 'taken' : '';
    const { fresh } = what;
    what.fresh = false;
    const subject: Subject = { name, family, type, origin, fresh };
    this.runs.begin(name, name, behaviour, behaviour.begin(subject, this.aroundOf(name)));
  }

  halt(name: string): void {
    this.runs.stop(name, true);
  }

  switched(program: Program, loop: LoopName, on: boolean): void {
    for (const [name, what] of this.able) {
      if (what.loop !== loop || this.host.socket(name)?.actor !== program) continue;
      if (on || (loop === 'receive' && this.answers(name))) this.start(name);
      else this.halt(name);
    }
  }

  ruled(changed: string): void {
    for (const [name, { loop }] of this.able) {
      const socket = this.host.socket(name);
      if (!socket || loop !== 'receive' || (name !== changed && socket.listener !== changed)) continue;
      this.reconsider(name, socket.actor, loop);
    }
  }

  relayed(listener: string): void {
    const socket = this.host.socket(listener);
    if (socket && !shakesHands(socket)) this.relayedDatagrams(listener);
    else if (socket && this.able.get(listener)?.loop === 'accept')
      this.reconsider(listener, socket.actor, 'accept');
  }

  askAgain(socket: string): void {
    for (const run of this.runs.all()) {
      if (run.socket === socket || this.listenerOf(run.socket) === socket) this.runs.askAgain(run);
    }
  }

  beginRepeat(name: string): void {
    const socket = this.host.socket(name);
    if (!socket) return;
    const { family, type } = socket;
    const subject: Subject = { name, family, type, origin: '', fresh: true };
    const { repeat } = behaviours;
    this.runs.begin(repeatOf(name), name, repeat, repeat.begin(subject, this.aroundOf(name)));
  }

  /** What is in flight goes on: half a message is none. */
  endRepeat(name: string, why: 'off' | 'closed'): void {
    const plan = this.runs.stop(repeatOf(name), false)?.memory.repeat;
    if (plan) this.host.repeated(name, { why, sent: plan.sent, late: plan.late });
  }

  stop(): void {
    for (const { key } of this.runs.all()) this.runs.stop(key, false);
  }

  forget(socket: string): void {
    this.able.delete(socket);
    this.runs.stop(socket, false);
    if (this.hubs.delete(socket)) this.closeSpokes(socket);
    this.endRepeat(socket, 'closed');
    const listener = this.servedBy.get(socket);
    this.servedBy.delete(socket);
    if (listener !== undefined) this.start(listener);
  }

  /** What receives gives way to the relay, and comes back after it. */
  private relayedDatagrams(name: string): void {
    const isRelay = this.host.target(name) !== null;
    if (isRelay) this.hubs.add(name);
    this.halt(name);
    this.able.set(name, { loop: isRelay ? 'relay-datagrams' : 'receive', taken: false, fresh: false });
    this.start(name);
  }

  /** What comes back has no way to its sender any more. */
  private closeSpokes(hub: string): void {
    for (const { socket, memory } of this.runs.all())
      if (memory.spoke?.hub === hub) this.host.perform({ name: 'close', on: socket }, { looped: true });
  }

  private reconsider(name: string, actor: Program, loop: LoopName): void {
    if (this.isOn(name, actor, loop)) this.start(name);
    else this.halt(name);
  }

  private answers(name: string): boolean {
    return this.host.rules(name).some(({ rule }) => answersReceived(rule));
  }

  /** Whether a socket's behaviour is to be at work: its program's loop is on, it has rules of its own, or it is a relay's. */
  isOn(name: string, actor: Program, loop: BehaviourName): boolean {
    switch (loop) {
      case 'relay':
      case 'repeat':
        return true;
      case 'relay-datagrams':
        return this.host.target(name) !== null;
      case 'accept':
        return this.host.on(actor, loop) || this.host.target(name) !== null;
      case 'receive':
        return this.host.on(actor, loop) || this.answers(name);
    }
  }

  listenerOf(name: string): string {
    return this.host.socket(name)?.listener || name;
  }

  private aroundOf(name: string): Around {
    return new AroundSocket(this, this.host, name, this.host.socket(name)?.actor ?? 'client');
  }

  /** When a hub last sent something on by this spoke. */
  sentTo(hub: string, mate: string): number | null {
    for (const route of this.runs.at(hub)?.memory.hub?.routes.values() ?? [])
      if (route.mate === mate) return route.at;
    return null;
  }

  mateOf(mate: string): ReturnType<Around['mate']> {
    const call = this.runs.at(mate)?.memory.call.name;
    if (call === undefined) return 'over';
    return call === 'close' || call === 'reset' ? 'ends' : 'flows';
  }
}

export const createBehaviourEngine = (host: EngineHost): BehaviourEngine => {
  const all = new BehavioursAtWork(host);
  return {
    ready: (socket, loop, taken) => all.ready(socket, loop, taken),
    switched: (program, loop, on) => all.switched(program, loop, on),
    ruled: socket => all.ruled(socket),
    relayed: listener => all.relayed(listener),
    askAgain: socket => all.askAgain(socket),
    halt: socket => all.halt(socket),
    goOn: socket => all.start(socket),
    beginRepeat: socket => all.beginRepeat(socket),
    endRepeat: socket => all.endRepeat(socket, 'off'),
    stop: () => all.stop(),
    forget: socket => all.forget(socket),
  };
};
