import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Driver, StopReason } from '../../core/calls/driver.ts';
import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Program } from '../../core/model/actors.ts';
import { type EndedEntry, markOf } from '../../core/model/entry.ts';
import type { Policy } from '../../core/model/names.ts';
import type { Sink } from '../../core/model/sink.ts';
import { threadOf } from '../../core/model/threads.ts';
import { transportOf } from '../../core/model/transports.ts';
import { createMessageNumbers } from '../behaviours/message-numbers.ts';
import type { PerformOptions } from './bench.ts';
import type { Clock } from './clock.ts';
import type { Flight } from './flight.ts';
import { lookupsFor, withAnswer, withoutWildcard } from './flight-lookups.ts';
import type { Inbox } from './inbox.ts';
import { kernelTime, timedOut } from './kernel-time.ts';
import { objection, ownAnswer } from './own-answers.ts';
import { createPreparing } from './preparing-calls.ts';
import { actorOfNew, type Registry } from './registry.ts';
import { createThreadQueues } from './thread-queue.ts';

const codes: Record<StopReason, 'TIMEOUT' | 'INTERRUPTED' | 'CLOSED'> = {
  deadline: 'TIMEOUT',
  cancelled: 'INTERRUPTED',
  closed: 'CLOSED',
};

const plain: PerformOptions = {};

/** It was made after what is in the inbox, and must not end because of that. */
const isPreparing = ({ seen, place }: Flight): boolean => seen === 'nothing' && place < 0;

export type FlightOptions = {
  /** Read when a call starts: the driver is made after its bench. */
  readonly driver: () => Driver;
  readonly registry: Registry;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly now: () => number;
  /** Calls in flight by id; this file keeps it. */
  readonly table: Map<number, Flight>;
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

export const createFlights = (options: FlightOptions): Flights => {
  const { registry, inbox, clock, now, table } = options;
  const numbers = createMessageNumbers();
  let lastId = 0;

  const end = (flight: Flight, outcome: Outcome) => {
    if (flight.ended) return;
    flight.ended = true;
    flight.clearDeadline?.();
    table.delete(flight.id);
    const { id, actor, call, thread, queuedAt, inside, looped, startedAt, socket } = flight;
    const seen = flight.seen !== 'nothing';
    const closed = registry.ended(call, outcome, flight.options);
    numbers.ended(call, outcome, closed);
    if (closed !== '') stopOthers(flight, closed, other => other.looped);
    // All that an entry will ever have is in the literal: what is added later is kept in an object of its own.
    const entry: EndedEntry = {
      kind: 'ended',
      n: 0,
      t: now(),
      prev: 0,
      by: undefined,
      wakes: undefined,
      id,
      actor,
      call,
      thread,
      queuedAt,
      inside,
      looped,
      startedAt,
      outcome,
      seen,
    };
    if (flight.rule !== undefined) entry.rule = flight.rule;
    if (flight.repeat !== undefined) entry.repeat = flight.repeat;
    if (flight.options.mate !== undefined) entry.mate = flight.options.mate;
    const afterwards = flight.options.decide?.(outcome);
    if (afterwards) entry.afterwards = afterwards;
    inbox.ended(flight, entry);
    threads.leave(flight);
    if (socket !== '' && !registry.socket(socket)) threads.forget(socket);
    flight.options.onEnd?.(outcome);
    options.afterEnd(flight, outcome, closed);
  };

  const stop = (flight: Flight, reason: StopReason) => {
    if (flight.ended) return;
    const lookup = table.get(flight.lookup);
    if (lookup) stop(lookup, reason);
    const count = flight.running?.stop(reason) ?? 0;
    // CPython's poll(2) returns at the deadline, and finds the descriptor closed.
    const code = reason === 'deadline' && !registry.socket(flight.socket) ? 'EBADF' : codes[reason];
    end(flight, failure(code, undefined, count > 0 ? count : undefined));
  };

  /** The kernel's own time is up. */
  const giveUp = (flight: Flight) => {
    if (flight.ended) return;
    const taken = flight.running?.stop('deadline') ?? 0;
    end(flight, timedOut(flight.call, taken, registry.unbuffered(flight.call.on)));
  };

  const launch = (flight: Flight, call: Call) => {
    const timeout = registry.socket(flight.socket)?.timeout ?? null;
    if (timeout !== null && timeout > 0 && calls[call.name].lane !== 'none') {
      flight.deadline = now() + timeout;
      flight.clearDeadline = clock.after(timeout, () => stop(flight, 'deadline'));
    }
    const kernels = timeout === null ? kernelTime(registry.socket(flight.socket), call) : 0;
    if (kernels > 0) {
      flight.deadline = now() + kernels;
      flight.clearDeadline = clock.after(kernels, () => giveUp(flight));
    }
    const attempt = { call, timeout, name: () => registry.nameFor(call) };
    const running = options.driver().start(attempt, outcome => end(flight, outcome));
    if (!flight.ended) flight.running = running;
  };

  /** Look-ups first, one after the other, each a call of its own inside this one. */
  const prepare = (flight: Flight, call: Call, lookups: readonly Call[]) => {
    const [lookup, ...rest] = lookups;
    if (!lookup)
      return launch(flight, withoutWildcard(call, registry.socket(flight.socket)?.family ?? 'AF_INET'));
    const onEnd = (answer: Outcome) => {
      flight.lookup = 0;
      if (flight.ended) return;
      if (answer.kind === 'error') return end(flight, answer);
      prepare(flight, withAnswer(call, lookup, answer), rest);
    };
    flight.lookup = fly(lookup, flight.id, { looped: flight.looped, onEnd });
  };

  /** A call that occupies a thread waits, on its thread, until the recording has room again. */
  const begin = (flight: Flight, waited: boolean): void => {
    const full = flight.thread === '' ? undefined : options.full();
    if (!full) return proceed(flight, waited);
    flight.held = full.name ?? 'recording';
    full.onRoom(() => {
      flight.held = undefined;
      if (!flight.ended) begin(flight, true);
    });
  };

  const proceed = (flight: Flight, waited: boolean): void => {
    flight.startedAt = waited ? now() : flight.queuedAt;
    if (waited) inbox.flight(flight);
    const { call, socket } = flight;
    const answer = nameInUse(flight) ?? objection(registry, call) ?? ownAnswer(registry, call);
    if (answer) return end(flight, answer);
    const live = registry.socket(socket);
    if (calls[call.name].ends === 'connection' && call.on === socket) stopOthers(flight, socket, () => true);
    if (!live || !('address' in call)) return launch(flight, call);
    prepare(flight, call, lookupsFor(call, live.family, transportOf(live).id));
  };

  /** A closed socket that a call is still inside of keeps its name: the call is told by it. */
  const nameInUse = ({ call }: Flight): Outcome | undefined => {
    const name = call.as;
    if (name === undefined || registry.taken(name)) return undefined;
    const inside = [...table.values()].find(other => other.socket === name);
    return (
      inside && failure('VALUE', `${name} is taken until its ${inside.call.name} ends: choose another name`)
    );
  };

  /**
   * Ends what is in flight on a socket that is closed. A reset, the bench's own word, ends all of it; close only what its
   * loops have in flight: a person's call stays inside, as in CPython. What waits in a queue goes first, so that it
   * never begins.
   */
  const stopOthers = (closing: Flight, socket: string, which: (other: Flight) => boolean) => {
    const others: Flight[] = [];
    for (const other of table.values()) {
      if (other.socket === socket && other !== closing && which(other) && !isPreparing(other))
        others.push(other);
    }
    for (const other of others.reverse()) stop(other, 'closed');
  };

  const threads = createThreadQueues(begin);

  const preparing = createPreparing(
    call => options.driver().prepare?.(call) ?? null,
    (flight, waited) => {
      if (waited) {
        flight.queuedAt = now();
        place(flight);
      }
      inbox.flight(flight);
      threads.enter(flight);
    },
  );

  /** The socket it is on and the thread it takes, as they are now: one may have been made while the driver prepared. */
  const place = (flight: Flight): void => {
    const live = registry.socket(registry.subject(flight.call.on));
    flight.socket = live?.name ?? '';
    flight.actor = live ? live.actor : (flight.options.actor ?? actorOfNew(flight.call));
    flight.thread = live
      ? threadOf(flight.call, live.name, live.actor, options.policy(live.actor), live.threads)
      : '';
  };

  const fly = (call: Call, inside: number, asked: PerformOptions): number => {
    const flight: Flight = {
      id: ++lastId,
      call,
      socket: '',
      thread: '',
      actor: '',
      queuedAt: now(),
      inside,
      looped: asked.looped ?? false,
      ...markOf(asked),
      options: asked,
      held: undefined,
      startedAt: null,
      deadline: null,
      place: -1,
      seen: 'nothing',
      ended: false,
      running: null,
      lookup: 0,
      clearDeadline: undefined,
    };
    place(flight);
    table.set(flight.id, flight);
    preparing.enter(flight);
    return flight.id;
  };

  const numbered = (call: Call): Call => numbers.begun(call, clock.origin + clock.now());

  return {
    perform: (call, asked = plain) => fly(asked.numbered ? call : numbered(call), 0, asked),
    numbered,
    cancel: id => {
      const flight = table.get(id);
      if (flight) stop(flight, 'cancelled');
      return flight !== undefined;
    },
    nextId: () => ++lastId,
    closeAll: () => {
      for (const flight of [...table.values()].reverse()) stop(flight, 'closed');
    },
  };
};
