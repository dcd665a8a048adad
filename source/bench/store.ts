import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BenchState } from '../core/state.ts';
import type { Source, SourceKind } from './source.ts';
import { initialView, type View } from './view.ts';

/** The one store: what the bench is, what tells of it, and what the person is looking at. */
export type World = { readonly bench: BenchState; readonly source: SourceKind; readonly view: View };

export type WorldStore = StoreApi<World>;

export const createWorldStore = ({ state, kind }: Pick<Source, 'state' | 'kind'>): WorldStore =>
  createStore<World>(() => ({ bench: state(), source: kind, view: initialView }));
