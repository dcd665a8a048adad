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

class RunTable implements Runs {
  private readonly host: RunsHost;
  private readonly running = new Map<string, Run>();

  constructor(host: RunsHost) {
    this.host = host;
  }

  at(key: string): Run | undefined {
    return this.running.get(key);
  }

  all(): readonly Run[] {
    return [...this.running.values()];
  }

  begin(key: string, socket: string, behaviour: Behaviour, next: Next): void {
    if (next.kind !== 'make') return;
    const run = this.enter(key, socket, behaviour, next.memory);
    run.next = next;
    this.act(run, this.optionsOf(run));
  }

  stop(key: string, cancels: boolean): Run | undefined {
    const run = this.running.get(key);
    if (!run) return undefined;
    this.running.delete(key);
    run.stopWaiting?.();
    if (cancels && run.call !== 0) this.host.cancel(run.call);
    return run;
  }

  askAgain(run: Run): void {
    if (run.call === 0 || calls[run.memory.call.name].moves !== 'in') return;
    run.anew = true;
    this.host.cancel(run.call);
  }

  private isAtWork(run: Run): boolean {
    return this.running.get(run.key) === run;
  }

  private enter(key: string, socket: string, behaviour: Behaviour, memory: Memory): Run {
    const around = this.host.around(socket);
    const still = { next: idle, call: 0, performing: false, due: false, anew: false };
    const run: Run = { key, socket, behaviour, around, memory, ...still };
    this.running.set(key, run);
    return run;
  }

  private act(run: Run, options: PerformOptions): void {
    const { next } = run;
    switch (next.kind) {
      case 'again':
        return this.goOn(run, options);
      case 'make': {
        run.memory = next.memory;
        const ms = next.at === undefined ? (next.memory.step?.after ?? 0) : next.at - this.host.now();
        if (ms <= 0) return this.goOn(run, options);
        return this.pause(run, options, ms);
      }
      case 'pair': {
        run.memory = next.memory;
        const { on } = next.mate.home;
        const mate = this.enter(on, on, run.behaviour, next.mate);
        this.goOn(run, options);
        return this.goOn(mate, this.optionsOf(mate));
      }
      case 'pause':
        return this.pause(run, options, next.ms);
      case 'serve':
        this.host.serves(next.socket, run);
        this.running.delete(run.key);
        return;
      case 'end':
        this.running.delete(run.key);
        if (next.over) this.host.over(run.socket, next.over);
    }
  }

  private pause(run: Run, options: PerformOptions, ms: number): void {
    run.stopWaiting = this.host.after(ms, () => this.goOn(run, options));
  }

  private goOn(run: Run, options: PerformOptions): void {
    if (!this.isAtWork(run)) return;
    run.due = true;
    if (!run.performing) this.drive(run, options);
  }

  /** Calls that end at once follow each other in this loop: on the stack, a thousand would not fit. */
  private drive(run: Run, options: PerformOptions): void {
    run.performing = true;
    while (run.due && this.isAtWork(run)) {
      run.due = false;
      const id = this.host.perform(run.memory.call, this.optionsFor(run, options));
      if (!run.due) run.call = id;
    }
    run.performing = false;
  }

  /** What is told of a call besides: the rule that it answers by, or which of a repeat it is. */
  private optionsFor({ socket, memory }: Run, options: PerformOptions): PerformOptions {
    const { call, step, pair, hub, repeat } = memory;
    if (step) return { ...options, rule: step.rule };
    if (repeat) return { ...options, repeat: repeat.sent + 1 };
    // What a relay makes is its own program's, and the mate of what it was accepted as.
    if (call.name !== 'socket' || !(pair || hub)) return options;
    const actor = this.host.socket(socket)?.actor;
    const sender = hub?.waiting?.from;
    return { ...options, mate: socket, ...(sender && { sender }), ...(actor && { actor }) };
  }

  /** What does not change from one call to the next is made once. */
  private optionsOf(run: Run): PerformOptions {
    const options: PerformOptions = {
      looped: true,
      decide: outcome => this.decide(run, outcome),
      onEnd: () => {
        if (this.isAtWork(run)) this.act(run, options);
      },
    };
    return options;
  }

  private decide(run: Run, outcome: Outcome): Afterwards | undefined {
    run.call = 0;
    if (!this.isAtWork(run)) run.next = idle;
    else run.next = run.anew ? again : run.behaviour.after(outcome, run.memory, run.around);
    const afterwards: Afterwards | undefined = run.anew
      ? { kind: 'faulted' }
      : afterwardsOf(run.next, this.host.now);
    run.anew = false;
    if (run.next.kind === 'make') this.host.comes(run.next.memory.call);
    return afterwards;
  }
}

export const createRuns = (host: RunsHost): Runs => new RunTable(host);
