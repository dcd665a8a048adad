import type { Want } from '../../core/calls/call.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import type { ThreadCall } from '../proc/thread-call.ts';
import { outcomeWith, type ReadCall, type ReadCalls, type Reading, type ToldCall } from './told-call.ts';
import { field, flagsIn, numberIn, type Value } from './value.ts';

const readEvents: readonly string[] = ['POLLIN', 'POLLPRI', 'POLLRDNORM', 'POLLRDBAND', 'POLLRDHUP'];
const writeEvents: readonly string[] = ['POLLOUT', 'POLLWRNORM', 'POLLWRBAND'];

/** Events of poll and of epoll, whose names have an E before them. */
export const interestOf = (events: Value | undefined): Omit<Want, 'on'> => {
  const names = flagsIn(events).map(name => name.replace(/^E(?=POLL)/, ''));
  return {
    reads: names.some(name => readEvents.includes(name)),
    writes: names.some(name => writeEvents.includes(name)),
  };
};

/** A time to wait as poll has it, in ms, or as a struct timespec or timeval: null for ever, undefined where it was not printed. */
const timeOf = (value: Value | undefined): number | null | undefined => {
  switch (value?.kind) {
    case 'number':
      return value.number < 0 ? null : value.number;
    case 'word':
      return value.word === 'NULL' ? null : undefined;
    case 'change':
      return timeOf(value.before);
    case 'struct': {
      const seconds = numberIn(value.fields.get('tv_sec'));
      const nanoseconds = numberIn(value.fields.get('tv_nsec'));
      const microseconds = numberIn(value.fields.get('tv_usec'));
      if (seconds === null) return undefined;
      return seconds * 1000 + (nanoseconds ?? 0) / 1e6 + (microseconds ?? 0) / 1000;
    }
    default:
      return undefined;
  }
};

const limitNow = (now: ThreadCall | null): number | null | undefined => {
  if (now?.kind !== 'poll') return undefined;
  if (now.limit === null) return null;
  return now.limit.kind === 'ms' ? now.limit.ms : undefined;
};

/** How many were ready; 0: its time was over. */
const readyOutcome = outcomeWith(
  (count): Outcome => (count > 0 ? ok : { kind: 'none', note: 'none is ready' }),
);

const told = (
  { actor, inFlight }: Reading,
  wants: readonly Want[],
  time: Value | undefined,
): ToldCall | null => {
  const printed = timeOf(time);
  const limit = printed === undefined ? limitNow(inFlight()) : printed;
  if (limit === undefined) return null;
  return { call: { name: 'poll', on: actor, wants, timeout: limit }, limit, outcome: readyOutcome };
};

const polled: ReadCall = reading => {
  const [list, , time] = reading.values;
  const items = list?.kind === 'list' ? list.items : [];
  const wants = items.flatMap((item): Want[] => {
    const fd = field(item, 'fd');
    const skipped = fd === undefined || (numberIn(fd) ?? -1) < 0;
    return skipped ? [] : [{ on: reading.nameOf(fd), ...interestOf(field(item, 'events')) }];
  });
  return told(reading, wants, time);
};

const setOf = (value: Value | undefined): readonly Value[] => {
  if (value?.kind === 'change') return setOf(value.before);
  return value?.kind === 'list' ? value.items : [];
};

const selected: ReadCall = reading => {
  const [, reads, writes, excepts, time] = reading.values;
  const wants = new Map<string, Want>();
  for (const [set, add] of [
    [reads, { reads: true }],
    [excepts, { reads: true }],
    [writes, { writes: true }],
  ] as const) {
    for (const fd of setOf(set)) {
      const on = reading.nameOf(fd);
      wants.set(on, { ...(wants.get(on) ?? { on, reads: false, writes: false }), ...add });
    }
  }
  return told(reading, [...wants.values()], time);
};

const epolled: ReadCall = reading => {
  const [epoll, , , time] = reading.values;
  return told(reading, reading.epoll(epoll), time);
};

/** Waits for several descriptors. All are the process's own, not a socket's. */
export const pollCalls: ReadCalls = {
  poll: polled,
  ppoll: polled,
  select: selected,
  pselect6: selected,
  epoll_wait: epolled,
  epoll_pwait: epolled,
  epoll_pwait2: epolled,
};
