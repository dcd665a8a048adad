import { type Call, goesTo } from '../../core/calls/call.ts';
import type { Driver, StopReason } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Program } from '../../core/model/actors.ts';
import { isFileName, type Policy } from '../../core/model/names.ts';
import type { Sink } from '../../core/model/sink.ts';
import { threadOf } from '../../core/model/threads.ts';
import { transportOf } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import { createMessageNumbers, type MessageNumbers } from '../behaviours/message-numbers.ts';
import type { PerformOptions } from './bench.ts';
import type { Clock } from './clock.ts';
import { endedEntry } from './ended-entry.ts';
import { Flight, liveOf } from './flight.ts';
import type { FlightList } from './flight-list.ts';
import { lookupsFor, withAnswer, withoutWildcard } from './flight-lookups.ts';
import { actorOfNew } from './given-names.ts';
import { type Inbox, postponed } from './inbox.ts';
import { kernelTime, sendsOn, timedOut } from './kernel-time.ts';
import { objection, ownAnswer } from './own-answers.ts';
import { createPreparing, type Preparing } from './preparing-calls.ts';
import type { Registry } from './registry.ts';
import { createThreadQueues, type ThreadQueues } from './thread-queue.ts';

const codes: Record<StopReason, 'TIMEOUT' | 'INTERRUPTED' | 'CLOSED'> = {
  deadline: 'TIMEOUT',
  cancelled: 'INTERRUPTED',
  closed: 'CLOSED',
};

const plain: PerformOptions = {};

/** What a call may take: `ms`, what ends it then, and whether it has as long again where it has sent something. */
type Limit = { readonly ms: number; readonly over: (flight: Flight) => void; readonly sendsOn: boolean };

/** It was made after what is in the inbox, and must not end because of that. */
const isPreparing = ({ seen, place }: Flight): boolean => seen === 'nothing' && place < 0;

export type FlightOptions = {
  /** Read when a call starts: the driver is made after its bench. */
  readonly driver: () => Driver;
  readonly registry: Registry;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly now: () => number;
  /** Calls in flight; this file keeps it. */
  readonly table: FlightList;
  readonly policy: (program: Program) => Policy;
  /** A recording that has no room: no new call starts until it has. */
  readonly full: () => Sink | undefined;
  /** After a call has ended, its thread was freed and its caller was told. `closed`: the socket whose descriptor it closed, or ''. */
  readonly afterEnd: (flight: Flight, outcome: Outcome, closed: string) => void;
};

/** Calls from perform() to their end: queued on a thread, looked up, launched, stopped. */
export type Flights = {
  readonly perform: (call: Call, options?: PerformOptions) => number;
  /** The call as the next message of what it is made on, with its values. */
  readonly numbered: (call: Call) => Call;
  readonly cancel: (id: number) => boolean;
  /** For a call that somebody else makes: ids are one series. */
  readonly nextId: () => number;
  readonly closeAll: () => void;
};

const callInside = (table: FlightList, name: string): Flight | undefined =>
  table.filter(({ socket }) => socket === name)[0];

/** A closed socket that a call is still inside of keeps its name: the call is told by it. */
const nameInUse = ({ registry, table }: FlightOptions, { as: name }: Call): Outcome | undefined => {
  if (name === undefined || registry.taken(name)) return undefined;
  const inside = callInside(table, name);
  return (
    inside && failure('VALUE', t`${name} is taken until its ${inside.call.name} ends: choose another name`)
  );
};

class FlightControl {
  readonly numbers: MessageNumbers = createMessageNumbers();
  private readonly options: FlightOptions;
  private readonly registry: Registry;
  private readonly table: FlightList;
  private readonly now: () => number;
  private readonly threads: ThreadQueues;
  private readonly preparing: Preparing;
  private lastId = 0;

  constructor(options: FlightOptions) {
    this.options = options;
    this.registry = options.registry;
    this.table = options.table;
    this.now = options.now;
    this.threads = createThreadQueues((flight, waited) => this.begin(flight, waited));
    this.preparing = createPreparing(
      ({ call, spec }) => options.driver().prepare?.(call, spec) ?? null,
      (flight, waited) => this.prepared(flight, waited),
    );
  }

  nextId(): number {
    return ++this.lastId;
  }

  fly(call: Call, inside: number, asked: PerformOptions): Flight {
    const flight = new Flight(++this.lastId, call, inside, asked);
    this.place(flight);
    this.table.add(flight);
    this.preparing.enter(flight);
    if (flight.queuedAt < 0) flight.queuedAt = this.now();
    return flight;
  }

  stop(flight: Flight, reason: StopReason): void {
    if (flight.ended) return;
    if (flight.lookup) this.stop(flight.lookup, reason);
    const count = flight.running?.stop(reason) ?? 0;
    // CPython's poll(2) returns at the deadline, and finds the descriptor closed.
    const code = reason === 'deadline' && !liveOf(flight) ? 'EBADF' : codes[reason];
    this.end(flight, failure(code, undefined, count > 0 ? count : undefined));
  }

  /** The socket it is on and the thread it takes, as they are now: one may have been made while the driver prepared. */
  private place(flight: Flight): void {
    const { registry, options } = this;
    const live = registry.behind(flight.call.on);
    flight.live = live;
    flight.actor = live ? live.actor : (flight.options.actor ?? actorOfNew(flight.call));
    flight.thread = live
      ? threadOf(flight.spec, live.name, live.actor, options.policy(live.actor), live.threads)
      : '';
  }

  private prepared(flight: Flight, waited: boolean): void {
    if (waited) this.place(flight);
    flight.queuedAt = this.now();
    this.options.inbox.flight(flight);
    this.threads.enter(flight);
  }

  /** A call that occupies a thread waits, on its thread, until the recording has room again. */
  private begin(flight: Flight, waited: boolean): void {
    const full = flight.thread === '' ? undefined : this.options.full();
    if (!full) return this.proceed(flight, waited);
    flight.held = full.name ?? 'recording';
    full.onRoom(() => {
      flight.held = undefined;
      if (!flight.ended) this.begin(flight, true);
    });
  }

  private proceed(flight: Flight, waited: boolean): void {
    const { registry } = this;
    flight.startedAt = waited ? this.now() : flight.queuedAt;
    if (waited) this.options.inbox.flight(flight);
    const { call, spec, socket } = flight;
    const live = liveOf(flight);
    const answer =
      nameInUse(this.options, call) ??
      objection(registry, call, live !== undefined && call.on === socket) ??
      (spec.asks === 'nobody' ? ownAnswer(registry, call) : undefined);
    if (answer) return void this.end(flight, answer);
    if (spec.ends === 'connection' && call.on === socket) this.stopOthers(flight, socket, () => true);
    if (!live || !goesTo(call)) return this.launch(flight, call);
    this.lookUp(flight, call, lookupsFor(call, live.family, transportOf(live).id));
  }

  /** Look-ups first, one after the other, each a call of its own inside this one. */
  private lookUp(flight: Flight, call: Call, lookups: readonly Call[]): void {
    const lookup = lookups[0];
    if (!lookup) {
      const family = liveOf(flight)?.family ?? 'AF_INET';
      return this.launch(flight, withoutWildcard(call, family));
    }
    const onEnd = (answer: Outcome) => {
      flight.lookup = null;
      if (flight.ended) return;
      if (answer.kind === 'error') return void this.end(flight, answer);
      this.lookUp(flight, withAnswer(call, lookup, answer), lookups.slice(1));
    };
    const begun = this.fly(lookup, flight.id, { looped: flight.looped, onEnd });
    if (!begun.ended) flight.lookup = begun;
  }

  private launch(flight: Flight, call: Call): void {
    const { registry } = this;
    const live = liveOf(flight);
    const timeout = live?.timeout ?? null;
    // Closing a file object flushes it first.
    const mayWait = flight.spec.lane !== 'none' || isFileName(call.on);
    if (timeout !== null && timeout > 0 && mayWait)
      this.until(flight, timeout, { ms: timeout, over: this.overdue, sendsOn: false });
    const kernels = live && timeout === null ? kernelTime(live, flight.spec) : 0;
    if (kernels > 0) {
      const again = sendsOn(flight.spec, registry.unbuffered(call.on));
      this.until(flight, kernels, { ms: kernels, over: this.giveUp, sendsOn: again });
    }
    const attempt = { call, timeout, name: () => registry.nameFor(call, this.isInside) };
    const running = this.options.driver().start(attempt, outcome => this.end(flight, outcome));
    if (!flight.ended) flight.running = running;
  }

  private readonly isInside = (name: string): boolean => callInside(this.table, name) !== undefined;

  /** Over in `left` ms, but where a recv(2) or send(2) of its own began meanwhile, which has them all. `taken`: bytes by then. */
  private until(flight: Flight, left: number, limit: Limit, taken = 0): void {
    flight.deadline = this.now() + left;
    flight.clearDeadline = this.options.clock.deadline(left, () => {
      const now = flight.running?.taken() ?? 0;
      const { ms, over } = limit;
      const more = limit.sendsOn && now > taken ? ms : ms - (flight.running?.idle?.() ?? ms);
      // The first began a moment after the call.
      if (more <= 1) return over(flight);
      this.until(flight, more, limit, now);
      const told = postponed(flight, this.now());
      if (told) this.options.inbox.entry(told);
    });
  }

  private readonly overdue = (flight: Flight): void => this.stop(flight, 'deadline');

  /** The kernel's own time is up. */
  private readonly giveUp = (flight: Flight): void => {
    if (flight.ended) return;
    const taken = flight.running?.stop('deadline') ?? 0;
    this.end(flight, timedOut(flight.call, taken, this.registry.unbuffered(flight.call.on)));
  };

  private end(flight: Flight, outcome: Outcome): boolean {
    if (flight.ended) return false;
    flight.ended = true;
    let endedAt = this.now();
    flight.clearDeadline?.();
    this.table.remove(flight);
    const { call, spec, socket } = flight;
    const closed = this.registry.ended(call, outcome, flight.options, spec);
    this.numbers.ended(call, outcome, closed, spec);
    if (closed !== '') {
      this.stopOthers(flight, closed, other => other.looped);
      // Their entries stand before its own.
      endedAt = this.now();
    }
    const entry = endedEntry(flight, outcome, endedAt);
    const afterwards = flight.options.decide?.(outcome);
    if (afterwards) entry.afterwards = afterwards;
    this.options.inbox.ended(flight, entry);
    this.threads.leave(flight);
    if (flight.live?.gone) this.threads.forget(socket);
    flight.options.onEnd?.(outcome);
    this.options.afterEnd(flight, outcome, closed);
    return true;
  }

  /**
   * Ends what is in flight on a socket that is closed. A reset, the bench's own word, ends all of it; close only what its
   * loops have in flight: a person's call stays inside, as in CPython. What waits in a queue goes first, so that it
   * never begins.
   */
  private stopOthers(closing: Flight, socket: string, which: (other: Flight) => boolean): void {
    const others = this.table.filter(
      other => other.socket === socket && other !== closing && which(other) && !isPreparing(other),
    );
    for (const other of others.reverse()) this.stop(other, 'closed');
  }
}

export const createFlights = (options: FlightOptions): Flights => {
  const { table, clock } = options;
  const control = new FlightControl(options);
  const wallClock = () => clock.origin + clock.now();
  const numbered = (call: Call): Call => control.numbers.begun(call, wallClock);
  return {
    perform: (call, asked = plain) => control.fly(asked.numbered ? call : numbered(call), 0, asked).id,
    numbered,
    cancel: id => {
      const flight = table.get(id);
      if (flight) control.stop(flight, 'cancelled');
      return flight !== undefined;
    },
    nextId: () => control.nextId(),
    closeAll: () => {
      for (const flight of table.filter(() => true).reverse()) control.stop(flight, 'closed');
    },
  };
};
