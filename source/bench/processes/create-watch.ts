import { createJournal, defaultCaps } from '../../core/model/journal.ts';
import type { Looker } from '../../core/model/looks.ts';
import { initialState } from '../../core/model/state.ts';
import { type Clock, systemClock } from '../engine/clock.ts';
import { FlightList } from '../engine/flight-list.ts';
import { createFlusher } from '../engine/flusher.ts';
import type { LiveSource } from '../engine/source.ts';
import { createTeller } from './seen-entries.ts';

export type WatchOptions = { readonly looker: Looker; readonly clock?: Clock };

/** Programs that were there before, as looks see them: a source without acts. Nothing of theirs is stopped. */
export const createWatch = ({ looker, clock = systemClock }: WatchOptions): LiveSource<'watch'> => {
  const start = clock.now();
  const now = () => clock.now() - start;
  const began = clock.origin + start;
  const journal = createJournal(defaultCaps);
  const first = initialState();
  const flusher = createFlusher({ journal, clock, now, first, flights: new FlightList() });
  const { inbox } = flusher;
  let calls = 0;
  looker.start(createTeller({ entry: inbox.entry, nextId: () => ++calls, began, now }).tell);
  return {
    kind: 'watch',
    shows: 'processes',
    journal,
    state: flusher.state,
    find: (finding, on) => inbox.entry({ kind: 'finding', t: now(), finding, on }),
    record: flusher.record,
    flush: flusher.flush,
    subscribe: flusher.subscribe,
    began,
    start: first.programs.client,
    now,
    dispose: async () => {
      looker.stop();
      flusher.flush();
      flusher.stop();
    },
  };
};
