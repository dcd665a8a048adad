import type { Outcome } from '../../core/calls/outcome.ts';
import type { Draft } from '../../core/model/entry.ts';
import { type Caps, createJournal, defaultCaps } from '../../core/model/journal.ts';
import { initialState } from '../../core/model/state.ts';
import { type Clock, systemClock } from '../engine/clock.ts';
import type { Progress } from '../engine/flight.ts';
import { FlightList } from '../engine/flight-list.ts';
import { createFlusher } from '../engine/flusher.ts';
import type { LiveSource, SourceKind } from '../engine/source.ts';

/** A call that others make, by the time at which they began it: ms since the source began. */
export type ToldCall = Pick<Progress, 'id' | 'call' | 'thread' | 'deadline'> & {
  readonly actor: Exclude<Progress['actor'], ''>;
  readonly startedAt: number;
};

/** A source that makes no calls: it is told of what others do, in the order of its journal, whose times never go back. */
export type ToldSource<K extends SourceKind> = LiveSource<Exclude<K, 'replay'>> & {
  readonly tell: (draft: Draft) => void;
  /** It is in flight: an entry only if it has not ended by the flush. */
  readonly begin: (call: ToldCall) => void;
  /** `call` as it is known at its end. */
  readonly end: (call: ToldCall, t: number, outcome: Outcome) => void;
};

export type ToldOptions = { readonly clock?: Clock; readonly caps?: Caps };

const progressOf = (call: ToldCall, startedAt: number): Progress => ({
  ...call,
  queuedAt: startedAt,
  startedAt,
  inside: 0,
  looped: false,
  rule: undefined,
  repeat: undefined,
  held: undefined,
  place: -1,
  seen: 'nothing',
});

export const createToldSource = <K extends Exclude<SourceKind, 'bench' | 'replay'>>(
  kind: K,
  { clock = systemClock, caps = defaultCaps }: ToldOptions = {},
): ToldSource<K> => {
  const began = clock.now();
  const now = () => clock.now() - began;
  const journal = createJournal(caps);
  const first = initialState();
  const flights = new Map<number, Progress>();
  const flusher = createFlusher({ journal, clock, now, first, flights: new FlightList() });
  const { inbox } = flusher;
  let last = 0;
  /** Whoever tells may be late, and the order in which things were told stands. */
  const onward = (t: number): number => {
    last = Math.max(last, t);
    return last;
  };
  const tell = (draft: Draft) => inbox.entry({ ...draft, t: onward(draft.t) });

  return {
    kind: kind as Exclude<K, 'replay'>,
    shows: 'processes',
    journal,
    state: flusher.state,
    tell,
    begin: call => {
      const flight = progressOf(call, onward(call.startedAt));
      flights.set(call.id, flight);
      inbox.flight(flight);
    },
    end: (call, t, outcome) => {
      const flight = flights.get(call.id) ?? progressOf(call, Math.min(call.startedAt, t));
      flights.delete(call.id);
      const { id, actor, thread, inside, looped } = flight;
      const seen = flight.seen === 'running';
      const at = onward(t);
      // Told late, it took no longer.
      const startedAt = seen ? flight.startedAt! : at - Math.max(0, t - call.startedAt);
      const queuedAt = startedAt;
      const about = { id, actor, thread, queuedAt, inside, looped, startedAt, call: call.call };
      inbox.ended(flight, { kind: 'ended', n: 0, prev: 0, t: at, ...about, outcome, seen });
    },
    find: (finding, on) => tell({ kind: 'finding', t: now(), finding, on }),
    record: flusher.record,
    flush: flusher.flush,
    subscribe: flusher.subscribe,
    began: clock.origin + began,
    start: first.programs.client,
    now,
    dispose: async () => {
      flusher.flush();
      flusher.stop();
    },
  };
};
