import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { LoopName, Program } from '../../core/model/actors.ts';
import type { Afterwards } from '../../core/model/afterwards.ts';
import type { Policy } from '../../core/model/names.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import { answersReceived, type RuleState } from '../../core/model/rule.ts';
import type { PerformOptions } from '../engine/bench.ts';
import type { Clock } from '../engine/clock.ts';
import type { LiveSocket } from '../engine/registry.ts';
import {
  type Around,
  afterwardsOf,
  type Behaviour,
  type BehaviourName,
  type Memory,
  type Next,
} from './behaviour.ts';
import { behaviours } from './behaviours.ts';

export type EngineHost = {
  readonly perform: (call: Call, options: PerformOptions) => number;
  readonly cancel: (id: number) => boolean;
  readonly on: (program: Program, loop: LoopName) => boolean;
  readonly policy: (program: Program) => Policy;
  readonly rules: (socket: string) => readonly RuleState[];
  /** Where what is accepted from a listener is passed on to; null: nowhere. */
  readonly target: (listener: string) => RelayTarget | null;
  readonly local: (listener: string) => Endpoint | null;
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
  /** The socket is closed. */
  readonly forget: (socket: string) => void;
};

/** One behaviour at work. It ends by leaving the table, so that a late end or pause finds itself replaced. */
type Run = {
  readonly socket: string;
  readonly behaviour: Behaviour;
  readonly around: Around;
  memory: Memory;
  /** What the end of its call asked for, between the moment that says so and the one that does it. */
  next: Next;
  /** Its call in flight; 0: none. */
  call: number;
  performing: boolean;
  due: boolean;
  /** Its call is cancelled to be made again. */
  anew: boolean;
  /** Ends its pause. */
  stopWaiting?: () => void;
};

/** What could be begun, so that switching a loop on finds it. `fresh`: it never was. */
type Able = { readonly loop: BehaviourName; readonly taken: boolean; fresh: boolean };

const idle: Next = { kind: 'end' };
const again: Next = { kind: 'again' };

export const createBehaviourEngine = (host: EngineHost): BehaviourEngine => {
  const running = new Map<string, Run>();
  const able = new Map<string, Able>();
  /** Accepted sockets whose end lets a behaviour go on, and the listener that it is of. */
  const servedBy = new Map<string, string>();

  /** Calls that end at once follow each other in this loop: on the stack, a thousand would not fit. */
  const drive = (run: Run, options: PerformOptions) => {
    run.performing = true;
    while (run.due && running.get(run.socket) === run) {
      run.due = false;
      const { call, step } = run.memory;
      const id = host.perform(call, step ? { ...options, rule: step.rule } : optionsFor(run, options));
      if (!run.due) run.call = id;
    }
    run.performing = false;
  };

  /** What a relay makes is its own program's, and the mate of what it was accepted as. */
  const optionsFor = ({ socket, memory }: Run, options: PerformOptions): PerformOptions => {
    if (memory.call.name !== 'socket' || !memory.pair) return options;
    const actor = host.socket(socket)?.actor;
    return { ...options, mate: socket, ...(actor && { actor }) };
  };

  const goOn = (run: Run, options: PerformOptions) => {
    if (running.get(run.socket) !== run) return;
    run.due = true;
    if (!run.performing) drive(run, options);
  };

  const act = (run: Run, options: PerformOptions) => {
    const { next } = run;
    switch (next.kind) {
      case 'again':
        return goOn(run, options);
      case 'make': {
        run.memory = next.memory;
        const ms = next.memory.step?.after ?? 0;
        if (ms === 0) return goOn(run, options);
        run.stopWaiting = host.after(ms, () => goOn(run, options));
        return;
      }
      case 'pair': {
        run.memory = next.memory;
        const mate = enter(next.mate.home.on, run.behaviour, next.mate);
        goOn(run, options);
        return goOn(mate, optionsOf(mate));
      }
      case 'pause':
        run.stopWaiting = host.after(next.ms, () => goOn(run, options));
        return;
      case 'serve':
        servedBy.set(next.socket, run.socket);
        running.delete(run.socket);
        return;
      case 'end':
        running.delete(run.socket);
    }
  };

  /** What does not change from one call to the next is made once. */
  const optionsOf = (run: Run): PerformOptions => {
    const options: PerformOptions = {
      looped: true,
      decide: (outcome: Outcome): Afterwards | undefined => {
        run.call = 0;
        if (running.get(run.socket) !== run) run.next = idle;
        else run.next = run.anew ? again : run.behaviour.after(outcome, run.memory, run.around);
        const afterwards: Afterwards | undefined = run.anew
          ? { kind: 'faulted' }
          : afterwardsOf(run.next, host.now);
        run.anew = false;
        return afterwards;
      },
      onEnd: () => {
        if (running.get(run.socket) === run) act(run, options);
      },
    };
    return options;
  };

  const answers = (name: string): boolean => host.rules(name).some(({ rule }) => answersReceived(rule));

  /** Whether a socket's behaviour is to be at work: its program's loop is on, it has rules of its own, or it is a relay's. */
  const isOn = (name: string, actor: Program, loop: BehaviourName): boolean => {
    switch (loop) {
      case 'relay':
        return true;
      case 'accept':
        return host.on(actor, loop) || host.target(name) !== null;
      case 'receive':
        return host.on(actor, loop) || answers(name);
    }
  };

  const listenerOf = (name: string): string => host.socket(name)?.listener ?? '';

  const mateOf = (mate: string): ReturnType<Around['mate']> => {
    const call = running.get(mate)?.memory.call.name;
    if (call === undefined) return 'over';
    return call === 'close' || call === 'reset' ? 'ends' : 'flows';
  };

  const aroundOf = (name: string, actor: Program): Around => ({
    on: loop => isOn(name, actor, loop),
    policy: () => host.policy(actor),
    rules: () => host.rules(name),
    target: () => host.target(listenerOf(name)),
    local: () => host.local(listenerOf(name)),
    mate: mateOf,
  });

  const enter = (name: string, behaviour: Behaviour, memory: Memory): Run => {
    const around = aroundOf(name, host.socket(name)?.actor ?? 'client');
    const run: Run = {
      socket: name,
      behaviour,
      around,
      memory,
      next: idle,
      call: 0,
      performing: false,
      due: false,
      anew: false,
    };
    running.set(name, run);
    return run;
  };

  const start = (name: string) => {
    const socket = host.socket(name);
    const what = able.get(name);
    if (!socket || !what || running.has(name)) return;
    const { actor, family, type } = socket;
    if (!isOn(name, actor, what.loop) && host.rules(name).length === 0) return;
    const behaviour = behaviours[what.loop];
    const origin = servedBy.has(name) ? 'served' : what.taken ? 'taken' : '';
    const around = aroundOf(name, actor);
    const { fresh } = what;
    what.fresh = false;
    const next = behaviour.begin({ name, family, type, origin, fresh }, around);
    if (next.kind !== 'make') return;
    const run = enter(name, behaviour, next.memory);
    run.next = next;
    act(run, optionsOf(run));
  };

  const halt = (socket: string) => {
    const run = running.get(socket);
    if (!run) return;
    running.delete(socket);
    run.stopWaiting?.();
    if (run.call !== 0) host.cancel(run.call);
  };

  const askAgain = (run: Run) => {
    if (run.call === 0 || calls[run.memory.call.name].moves !== 'in') return;
    run.anew = true;
    host.cancel(run.call);
  };

  return {
    halt,
    askAgain: socket => {
      for (const run of [...running.values()])
        if (run.socket === socket || host.socket(run.socket)?.listener === socket) askAgain(run);
    },
    goOn: start,
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
      running.get(socket)?.stopWaiting?.();
      able.delete(socket);
      running.delete(socket);
      const listener = servedBy.get(socket);
      servedBy.delete(socket);
      if (listener !== undefined) start(listener);
    },
  };
};
