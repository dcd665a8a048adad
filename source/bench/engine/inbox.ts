import { type Draft, type EndedEntry, type Entry, markOf } from '../../core/model/entry.ts';
import type { Progress } from './flight.ts';

/**
 * What came in since the last flush, in order of arrival. A flight stands where it was queued or, later, started; at
 * the flush it becomes an entry only if it has not ended by then, so that a call which ends within its flush
 * is one entry.
 */
export type Inbox = {
  readonly entry: (draft: Draft) => void;
  readonly flight: (flight: Progress) => void;
  /** The flight is over: its end, still without number, takes the place of what it would have told. */
  readonly ended: (flight: Progress, entry: EndedEntry) => void;
  readonly size: () => number;
  /** Empties it into entries numbered from `next`. */
  readonly take: (next: number) => Entry[];
};

/** What may wait for the flush: received bytes, and calls that have ended. */
export type Most = { readonly bytes: () => number; readonly ends: () => number };

const aboutOf = (flight: Progress) => {
  const { id, actor, call, thread, queuedAt, inside, looped } = flight;
  return { id, actor, call, thread, queuedAt, inside, looped, ...markOf(flight) };
};

/** That the deadline of a flight has moved which the journal has been told of; undefined where it will be told. */
export const postponed = (flight: Progress, t: number): Draft | undefined =>
  flight.seen === 'running' && flight.startedAt !== null
    ? {
        kind: 'running',
        t,
        ...aboutOf(flight),
        startedAt: flight.startedAt,
        deadline: flight.deadline,
        again: true,
      }
    : undefined;

const progressOf = (flight: Progress): Draft | undefined => {
  const { startedAt, deadline } = flight;
  const about = aboutOf(flight);
  flight.place = -1;
  if (startedAt === null) {
    if (flight.seen !== 'nothing') return undefined;
    flight.seen = 'queued';
    const why = flight.held;
    return {
      kind: 'queued',
      t: flight.queuedAt,
      ...about,
      ...(why && { why }),
    };
  }
  if (flight.seen === 'running') return undefined;
  flight.seen = 'running';
  return {
    kind: 'running',
    t: startedAt,
    ...about,
    startedAt,
    deadline,
  };
};

const isFlight = (item: Draft | Progress): item is Progress => (item as Partial<Draft>).kind === undefined;

/**
 * `onArrival` hears of the first item after each take, `onHeavy` that it should be emptied before the flush, as so many bytes have been
 * received or so many calls have ended, `onEnded` of each end.
 */
export const createInbox = (
  onArrival: () => void,
  onHeavy: () => void,
  most: Most,
  onEnded: (entry: EndedEntry) => void,
): Inbox => {
  const items: (Draft | Progress | null)[] = [];
  let bytes = 0;
  let ends = 0;
  const push = (item: Draft | Progress) => {
    items.push(item);
    if (items.length === 1) onArrival();
  };
  /** Not kept until the flush: at 100,000 calls a second, what outlives its call is what collecting garbage costs. */
  const leave = (flight: Progress) => {
    if (flight.place === items.length - 1) items.pop();
    else if (flight.place >= 0) items[flight.place] = null;
  };
  return {
    entry: push,
    flight: flight => {
      leave(flight);
      flight.place = items.length;
      push(flight);
    },
    ended: (flight, entry) => {
      leave(flight);
      onEnded(entry);
      push(entry);
      if (entry.outcome.kind === 'data') bytes += entry.outcome.data.length;
      ends++;
      if (ends >= most.ends() || bytes >= most.bytes()) onHeavy();
    },
    size: () => items.length,
    take: next => {
      const entries: Entry[] = [];
      let n = next;
      for (const item of items) {
        if (!item) continue;
        const draft = isFlight(item) ? progressOf(item) : item;
        if (!draft) continue;
        const entry = draft as Entry;
        entry.n = n++;
        entry.prev = 0;
        entries.push(entry);
      }
      // Another in its place would leave this one, where it is old, to keep what it had until the next full collection.
      items.length = 0;
      bytes = 0;
      ends = 0;
      return entries;
    },
  };
};
