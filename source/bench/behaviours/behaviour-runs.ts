import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Afterwards } from '../../core/model/afterwards.ts';
import type { RepeatOver } from '../../core/model/repeat-plan.ts';
import type { PerformOptions } from '../engine/bench.ts';
import type { Clock } from '../engine/clock.ts';
import type { LiveSocket } from '../engine/registry.ts';
import { type Around, afterwardsOf, type Behaviour, type Memory, type Next } from './behaviour.ts';

export type RunsHost = {
  readonly perform: (call: Call, options: PerformOptions) => number;
  readonly cancel: (id: number) => boolean;
  /** This call is to follow one whose end is not told yet. */
  readonly comes: (call: Call) => void;
  readonly socket: (name: string) => Pick<LiveSocket, 'actor' | 'listener'> | undefined;
  readonly around: (socket: string) => Around;
  /** Its server does nothing else until this socket is closed. */
  readonly serves: (socket: string, run: Run) => void;
  /** What a repeat came to. */
  readonly over: (socket: string, how: RepeatOver) => void;
  readonly after: Clock['after'];
  readonly now: () => number;
};

/** One behaviour at work. It ends by leaving the table, so that a late end or pause finds itself replaced. */
export type Run = {
  /** Its place in the table: its socket's name, and what else it is where a socket has two. */
  readonly key: string;
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

/** The behaviours at work: makes their calls one after the other, and waits out what they wait. */
export type Runs = {
  readonly at: (key: string) => Run | undefined;
  readonly all: () => readonly Run[];
  readonly begin: (key: string, socket: string, behaviour: Behaviour, next: Next) => void;
  /** It makes no more calls; `cancels`: the one in flight ends now. */
  readonly stop: (key: string, cancels: boolean) => Run | undefined;
  /** It leaves the receive in flight and makes it anew. */
  readonly askAgain: (run: Run) => void;
};

const idle: Next = { kind: 'end' };
const again: Next = { kind: 'again' };

export const createRuns = (host: RunsHost): Runs => {
  const running = new Map<string, Run>();

  /** What is told of a call besides: the rule that it answers by, or which of a repeat it is. */
  const optionsFor = ({ socket, memory }: Run, options: PerformOptions): PerformOptions => {
    const { call, step, pair, repeat } = memory;
    if (step) return { ...options, rule: step.rule };
    if (repeat) return { ...options, repeat: repeat.sent + 1 };
    // What a relay makes is its own program's, and the mate of what it was accepted as.
    if (call.name !== 'socket' || !pair) return options;
    const actor = host.socket(socket)?.actor;
    return { ...options, mate: socket, ...(actor && { actor }) };
  };

  /** Calls that end at once follow each other in this loop: on the stack, a thousand would not fit. */
  const drive = (run: Run, options: PerformOptions) => {
    run.performing = true;
    while (run.due && running.get(run.key) === run) {
      run.due = false;
      const id = host.perform(run.memory.call, optionsFor(run, options));
      if (!run.due) run.call = id;
    }
    run.performing = false;
  };

  const goOn = (run: Run, options: PerformOptions) => {
    if (running.get(run.key) !== run) return;
    run.due = true;
    if (!run.performing) drive(run, options);
  };

  const enter = (key: string, socket: string, behaviour: Behaviour, memory: Memory): Run => {
    const around = host.around(socket);
    const still = { next: idle, call: 0, performing: false, due: false, anew: false };
    const run: Run = { key, socket, behaviour, around, memory, ...still };
    running.set(key, run);
    return run;
  };

  const act = (run: Run, options: PerformOptions) => {
    const { next } = run;
    switch (next.kind) {
      case 'again':
        return goOn(run, options);
      case 'make': {
        run.memory = next.memory;
        const ms = next.at === undefined ? (next.memory.step?.after ?? 0) : next.at - host.now();
        if (ms <= 0) return goOn(run, options);
        run.stopWaiting = host.after(ms, () => goOn(run, options));
        return;
      }
      case 'pair': {
        run.memory = next.memory;
        const { on } = next.mate.home;
        const mate = enter(on, on, run.behaviour, next.mate);
        goOn(run, options);
        return goOn(mate, optionsOf(mate));
      }
      case 'pause':
        run.stopWaiting = host.after(next.ms, () => goOn(run, options));
        return;
      case 'serve':
        host.serves(next.socket, run);
        running.delete(run.key);
        return;
      case 'end':
        running.delete(run.key);
        if (next.over) host.over(run.socket, next.over);
    }
  };

  /** What does not change from one call to the next is made once. */
  const optionsOf = (run: Run): PerformOptions => {
    const options: PerformOptions = {
      looped: true,
      decide: (outcome: Outcome): Afterwards | undefined => {
        run.call = 0;
        if (running.get(run.key) !== run) run.next = idle;
        else run.next = run.anew ? again : run.behaviour.after(outcome, run.memory, run.around);
        const afterwards: Afterwards | undefined = run.anew
          ? { kind: 'faulted' }
          : afterwardsOf(run.next, host.now);
        run.anew = false;
        if (run.next.kind === 'make') host.comes(run.next.memory.call);
        return afterwards;
      },
      onEnd: () => {
        if (running.get(run.key) === run) act(run, options);
      },
    };
    return options;
  };

  return {
    at: key => running.get(key),
    all: () => [...running.values()],
    begin: (key, socket, behaviour, next) => {
      if (next.kind !== 'make') return;
      const run = enter(key, socket, behaviour, next.memory);
      run.next = next;
      act(run, optionsOf(run));
    },
    stop: (key, cancels) => {
      const run = running.get(key);
      if (!run) return undefined;
      running.delete(key);
      run.stopWaiting?.();
      if (cancels && run.call !== 0) host.cancel(run.call);
      return run;
    },
    askAgain: run => {
      if (run.call === 0 || calls[run.memory.call.name].moves !== 'in') return;
      run.anew = true;
      host.cancel(run.call);
    },
  };
};
