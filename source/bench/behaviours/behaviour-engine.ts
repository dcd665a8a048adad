import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import type { LoopName, Program } from '../../core/model/actors.ts';
import type { Policy } from '../../core/model/names.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import type { Repeat, RepeatOver } from '../../core/model/repeat-plan.ts';
import { answersReceived, type RuleState } from '../../core/model/rule.ts';
import type { PerformOptions } from '../engine/bench.ts';
import type { Clock } from '../engine/clock.ts';
import type { LiveSocket } from '../engine/registry.ts';
import type { Around, BehaviourName, Subject } from './behaviour.ts';
import { createRuns } from './behaviour-runs.ts';
import { behaviours } from './behaviours.ts';

export type EngineHost = {
  readonly perform: (call: Call, options: PerformOptions) => number;
  readonly cancel: (id: number) => boolean;
  /** This call is to follow one whose end is not told yet. */
  readonly comes: (call: Call) => void;
  readonly on: (program: Program, loop: LoopName) => boolean;
  readonly policy: (program: Program) => Policy;
  readonly rules: (socket: string) => readonly RuleState[];
  /** Where what is accepted from a listener is passed on to; null: nowhere. */
  readonly target: (listener: string) => RelayTarget | null;
  readonly local: (listener: string) => Endpoint | null;
  /** What a socket sends again and again; null: nothing. */
  readonly repeat: (socket: string) => Repeat | null;
  readonly repeated: (socket: string, how: RepeatOver) => void;
  readonly socket: (
    name: string,
  ) => Pick<LiveSocket, 'actor' | 'family' | 'type' | 'listener' | 'mate'> | undefined;
  readonly after: Clock['after'];
  readonly now: () => number;
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

export const createBehaviourEngine = (host: EngineHost): BehaviourEngine => {
  const able = new Map<string, Able>();
  /** Accepted sockets whose end lets a behaviour go on, and the listener that it is of. */
  const servedBy = new Map<string, string>();

  const answers = (name: string): boolean => host.rules(name).some(({ rule }) => answersReceived(rule));

  /** Whether a socket's behaviour is to be at work: its program's loop is on, it has rules of its own, or it is a relay's. */
  const isOn = (name: string, actor: Program, loop: BehaviourName): boolean => {
    switch (loop) {
      case 'relay':
      case 'repeat':
        return true;
      case 'accept':
        return host.on(actor, loop) || host.target(name) !== null;
      case 'receive':
        return host.on(actor, loop) || answers(name);
    }
  };

  const listenerOf = (name: string): string => host.socket(name)?.listener ?? '';

  const mateOf = (mate: string): ReturnType<Around['mate']> => {
    const call = runs.at(mate)?.memory.call.name;
    if (call === undefined) return 'over';
    return call === 'close' || call === 'reset' ? 'ends' : 'flows';
  };

  const aroundOf = (name: string): Around => {
    const actor = host.socket(name)?.actor ?? 'client';
    return {
      on: loop => isOn(name, actor, loop),
      policy: () => host.policy(actor),
      rules: () => host.rules(name),
      target: () => host.target(listenerOf(name)),
      local: () => host.local(listenerOf(name)),
      mate: mateOf,
      repeat: () => host.repeat(name),
      now: host.now,
    };
  };

  const runs = createRuns({
    ...host,
    around: aroundOf,
    serves: (socket, run) => servedBy.set(socket, run.socket),
    over: host.repeated,
  });

  const start = (name: string) => {
    const socket = host.socket(name);
    const what = able.get(name);
    if (!socket || !what || runs.at(name)) return;
    const { actor, family, type } = socket;
    if (!isOn(name, actor, what.loop) && host.rules(name).length === 0) return;
    const behaviour = behaviours[what.loop];
    const origin = servedBy.has(name) ? 'served' : what.taken ? 'taken' : '';
    const { fresh } = what;
    what.fresh = false;
    runs.begin(name, name, behaviour, behaviour.begin({ name, family, type, origin, fresh }, aroundOf(name)));
  };

  const halt = (socket: string) => void runs.stop(socket, true);

  const beginRepeat = (name: string) => {
    const socket = host.socket(name);
    if (!socket) return;
    const { family, type } = socket;
    const subject: Subject = { name, family, type, origin: '', fresh: true };
    runs.begin(repeatOf(name), name, behaviours.repeat, behaviours.repeat.begin(subject, aroundOf(name)));
  };

  /** What is in flight goes on: half a message is none. */
  const endRepeat = (name: string, why: 'off' | 'closed') => {
    const plan = runs.stop(repeatOf(name), false)?.memory.repeat;
    if (plan) host.repeated(name, { why, sent: plan.sent, late: plan.late });
  };

  return {
    halt,
    askAgain: socket => {
      for (const run of runs.all())
        if (run.socket === socket || host.socket(run.socket)?.listener === socket) runs.askAgain(run);
    },
    goOn: start,
    beginRepeat,
    endRepeat: socket => endRepeat(socket, 'off'),
    stop: () => {
      for (const { key } of runs.all()) runs.stop(key, false);
    },
    ready: (socket, loop, taken = able.get(socket)?.taken ?? false) => {
      const live = host.socket(socket);
      // What a relay connects is received from by the relay.
      if (live && live.mate !== '') return;
      const fresh = able.get(socket)?.fresh ?? true;
      const isRelayed = loop === 'receive' && fresh && host.target(live?.listener ?? '') !== null;
      able.set(socket, { loop: isRelayed ? 'relay' : loop, taken, fresh });
      start(socket);
    },
    ruled: changed => {
      for (const [name, { loop }] of able) {
        const socket = host.socket(name);
        if (!socket || loop !== 'receive' || (name !== changed && socket.listener !== changed)) continue;
        if (isOn(name, socket.actor, loop)) start(name);
        else halt(name);
      }
    },
    relayed: listener => {
      const socket = host.socket(listener);
      if (!socket || able.get(listener)?.loop !== 'accept') return;
      if (isOn(listener, socket.actor, 'accept')) start(listener);
      else halt(listener);
    },
    switched: (program, loop, on) => {
      for (const [socket, what] of able) {
        if (what.loop !== loop || host.socket(socket)?.actor !== program) continue;
        if (on || (loop === 'receive' && answers(socket))) start(socket);
        else halt(socket);
      }
    },
    forget: socket => {
      able.delete(socket);
      runs.stop(socket, false);
      endRepeat(socket, 'closed');
      const listener = servedBy.get(socket);
      servedBy.delete(socket);
      if (listener !== undefined) start(listener);
    },
  };
};
