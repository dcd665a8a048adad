import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { LoopName, Program } from '../../core/model/actors.ts';
import type { Policy } from '../../core/model/names.ts';
import type { ProgramState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { type BehaviourEngine, createBehaviourEngine } from '../behaviours/behaviour-engine.ts';
import { createFaultyCalls, type FaultyCalls } from '../behaviours/faulty-calls.ts';
import { createRelays, type Relays } from '../behaviours/relays.ts';
import { createRepeats, type Repeats } from '../behaviours/repeats.ts';
import { createRules, type Rules } from '../behaviours/rules-in-force.ts';
import type { Bench } from './bench.ts';
import type { Clock } from './clock.ts';
import type { Flight } from './flight.ts';
import type { Flights } from './flights.ts';
import type { Inbox } from './inbox.ts';
import type { Registry } from './registry.ts';
import { createWraps, type Wraps } from './wraps.ts';

/** What new calls go by: ahead of the folded state by at most one flush. */
export type ProgramSettings = { policy: Policy; readonly loops: Record<LoopName, boolean> };

export const settingsOf = ({ policy, loops }: ProgramState): ProgramSettings => ({
  policy,
  loops: { ...loops },
});

export type BehavioursHost = {
  readonly flights: Flights;
  readonly registry: Registry;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly now: () => number;
  readonly programs: Readonly<Record<Program, ProgramSettings>>;
  /** This call of a loop is to follow one whose end is not told yet. */
  readonly comes: (call: Call) => void;
};

/** What a person can do to it, and to whom it gives way. */
export type BehaviourActs = Pick<
  Bench,
  | 'perform'
  | 'setPolicy'
  | 'setLoop'
  | 'addRule'
  | 'setRule'
  | 'replaceRule'
  | 'moveRule'
  | 'setRelay'
  | 'setRepeat'
  | 'setFaults'
>;

/** All of a bench that makes calls by itself: loops, rules, relays, repeats, the faults of these, and wraps. */
export class BenchBehaviours {
  private readonly host: BehavioursHost;
  private readonly faulty: FaultyCalls;
  private readonly loops: BehaviourEngine;
  private readonly rules: Rules;
  private readonly relays: Relays;
  private readonly repeats: Repeats;
  private readonly wraps: Wraps;
  private stopped = false;

  constructor(host: BehavioursHost) {
    const { registry, inbox, now, flights } = host;
    this.host = host;
    this.faulty = this.createFaulty();
    this.loops = this.createLoops();
    this.rules = createRules(registry, inbox.entry, now, socket => this.loops.ruled(socket));
    this.relays = createRelays(inbox.entry, now, listener => this.loops.relayed(listener));
    this.repeats = createRepeats(inbox.entry, now, this.loops.beginRepeat, this.loops.endRepeat);
    this.wraps = createWraps(registry, this.loops, flights.perform);
  }

  acts(): BehaviourActs {
    const { wraps, rules } = this;
    const { perform } = this.host.flights;
    return {
      perform: (call, asked) => {
        wraps.before(call);
        return perform(call, asked);
      },
      setPolicy: (program, policy) => this.setPolicy(program, policy),
      setLoop: (program, loop, on) => this.setLoop(program, loop, on),
      addRule: rules.add,
      setRule: rules.set,
      replaceRule: rules.replace,
      moveRule: rules.move,
      setRelay: this.relays.set,
      setRepeat: this.repeats.set,
      setFaults: this.faulty.set,
    };
  }

  /** After each call. `closed`: the socket whose descriptor it closed, or ''. */
  afterEnd(flight: Flight, outcome: Outcome, closed: string): void {
    if (this.stopped) return;
    if (closed !== '') return this.forget(closed);
    if (flight.call.name === 'wrap') return this.wraps.ended(flight, outcome);
    const { spec, socket, options } = flight;
    if (spec.sets === 'address' && outcome.kind === 'none') this.relays.bound(socket, outcome.local);
    if (outcome.kind !== 'error' && !options.wrapsNext) this.begin(flight, outcome);
  }

  stop(): void {
    this.stopped = true;
    this.loops.stop();
    this.faulty.stop();
  }

  /** Loops start where something became able to accept or receive. */
  private begin(flight: Flight, outcome: Outcome): void {
    const { socket, looped } = flight;
    const { loops } = this;
    const { sets, returns } = flight.spec;
    if (sets === 'backlog') loops.ready(socket, 'accept');
    else if (returns === 'connection' && outcome.kind === 'made') {
      if (!this.wraps.accepted(flight, outcome.name)) loops.ready(outcome.name, 'receive', looped);
    } else if (sets === 'peer') loops.ready(socket, 'receive');
    // What was bound by the way, as a first sendto does.
    else if (outcome.kind === 'count' && outcome.local) loops.ready(socket, 'receive');
    else if (sets === 'address') {
      const bound = this.host.registry.socket(socket);
      if (bound && !shakesHands(bound)) loops.ready(socket, 'receive');
    }
  }

  private forget(socket: string): void {
    this.rules.forget(socket);
    this.relays.forget(socket);
    this.faulty.forget(socket);
    this.loops.forget(socket);
  }

  private setPolicy(program: Program, policy: Policy): void {
    const { programs, inbox, now } = this.host;
    programs[program].policy = policy;
    inbox.entry({ kind: 'policy', t: now(), program, policy });
  }

  private setLoop(program: Program, loop: LoopName, on: boolean): void {
    const { programs, inbox, now } = this.host;
    programs[program].loops[loop] = on;
    inbox.entry({ kind: 'loop', t: now(), program, loop, on });
    this.loops.switched(program, loop, on);
  }

  private createFaulty(): FaultyCalls {
    const { flights, registry, inbox, clock, now, programs } = this.host;
    return createFaultyCalls({
      perform: flights.perform,
      numbered: flights.numbered,
      cancel: flights.cancel,
      socket: registry.socket,
      policy: program => programs[program].policy,
      entry: inbox.entry,
      after: clock.after,
      now,
      askAgain: socket => this.loops.askAgain(socket),
    });
  }

  private createLoops(): BehaviourEngine {
    const { registry, clock, now, programs, comes } = this.host;
    return createBehaviourEngine({
      perform: this.faulty.perform,
      cancel: this.faulty.cancel,
      comes,
      on: (program, loop) => !this.stopped && programs[program].loops[loop],
      policy: program => programs[program].policy,
      rules: socket => this.rules.of(socket),
      target: listener => this.relays.target(listener),
      local: listener => this.relays.local(listener),
      repeat: socket => this.repeats.of(socket),
      repeated: (socket, how) => this.repeats.over(socket, how),
      socket: registry.socket,
      after: clock.after,
      now,
    });
  }
}
