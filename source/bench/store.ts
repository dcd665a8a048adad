import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BenchState } from '../core/state.ts';
import { initialView, type View } from './view.ts';

/** The one store: what the bench is, and what the person is looking at. */
export type World = { readonly bench: BenchState; readonly view: View };

export type WorldStore = StoreApi<World>;

export const createWorldStore = (bench: BenchState): WorldStore =>
  createStore<World>(() => ({ bench, view: initialView }));
