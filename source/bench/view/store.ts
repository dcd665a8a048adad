import { createStore, type StoreApi } from 'zustand/vanilla';
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

/** How many entries are in no session file. A recording that has failed keeps nothing for certain. */
export const unsavedEntries = (bench: BenchState, { kept }: Pick<View, 'kept'>): number =>
  Math.max(
    0,
    bench.entries - (kept === Number.POSITIVE_INFINITY && bench.findings.has('recording') ? 0 : kept),
  );
