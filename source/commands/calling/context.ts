import type { AnySource } from '../../bench/engine/bench.ts';
import { createLogIndex } from '../../bench/view/log-index.ts';
import type { WorldStore } from '../../bench/view/store.ts';
import { createTimelineIndex } from '../../bench/view/timeline-index.ts';
import { nothingDrawn } from '../looking/last-drawn.ts';
import type { AppServices, Context, Keymap } from './command.ts';
import { firstKeys, keyWords } from './keymap.ts';

/** What every command gets. */
export const createContext = (
  source: AnySource,
  store: WorldStore,
  app: AppServices,
  keymap: Keymap,
  keyOf = firstKeys(keymap),
): Context => ({
  source,
  bench: source.kind === 'bench' ? source : null,
  store,
  app,
  keymap,
  keyOf,
  log: createLogIndex(source.journal, keyWords(keyOf)),
  timeline: createTimelineIndex(source.journal),
  lastDrawn: nothingDrawn(),
});
