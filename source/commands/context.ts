import type { Bench } from '../bench/bench.ts';
import { createLogIndex } from '../bench/log-index.ts';
import type { WorldStore } from '../bench/store.ts';
import { createTimelineIndex } from '../bench/timeline-index.ts';
import type { AppServices, Context } from './command.ts';
import { firstKeys, type Keymap, keyWords } from './keymap.ts';
import { nothingDrawn } from './last-drawn.ts';

/** What every command gets. */
export const createContext = (
  bench: Bench,
  store: WorldStore,
  app: AppServices,
  keymap: Keymap,
): Context => ({
  bench,
  store,
  app,
  keymap,
  log: createLogIndex(bench.journal, keyWords(firstKeys(keymap))),
  timeline: createTimelineIndex(bench.journal),
  lastDrawn: nothingDrawn(),
});
