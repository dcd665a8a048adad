import { createStore, type StoreApi } from 'zustand/vanilla';
import { isTold } from '../../core/model/entry.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { BenchState } from '../../core/model/state.ts';
import type { Source, SourceKind } from '../engine/source.ts';
import { firstView, type Shows, type View } from './view.ts';

/** The one store: what the bench is, what tells of it, and what the person is looking at. */
export type World = {
  readonly bench: BenchState;
  readonly source: SourceKind;
  readonly shows: Shows;
  /** Wall-clock milliseconds since 1970 of the source's t = 0. */
  readonly began: number;
  readonly view: View;
};

export type WorldStore = StoreApi<World>;

export const createWorldStore = (
  { state, kind, shows, began }: Pick<Source, 'state' | 'kind' | 'shows' | 'began'>,
  recorded = false,
): WorldStore =>
  createStore<World>(() => {
    const view = { ...firstView(shows), kept: recorded ? Number.POSITIVE_INFINITY : 0 };
    return { bench: state(), source: kind, shows, began, view };
  });

/** What looks find again and again is nothing that a person did: it comes after every save. */
const isNews = (journal: Journal, from: number): boolean => {
  for (let n = journal.last(); n >= from; n--) {
    const entry = journal.at(n);
    if (!entry || isTold(entry)) return true;
  }
  return false;
};

/** How many entries are in no session file; 0 where no line of the log is among them. A recording that has failed keeps nothing for certain. */
export const unsavedEntries = (
  { state, journal }: Pick<Source, 'state' | 'journal'>,
  { kept }: Pick<View, 'kept'>,
): number => {
  const bench = state();
  const saved = kept === Number.POSITIVE_INFINITY && bench.findings.has('recording') ? 0 : kept;
  return isNews(journal, saved + 1) ? bench.entries - saved : 0;
};
