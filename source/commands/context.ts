import type { AnySource } from '../bench/bench.ts';
import { createLogIndex } from '../bench/log-index.ts';
import type { WorldStore } from '../bench/store.ts';
import { createTimelineIndex } from '../bench/timeline-index.ts';
import type { AppServices, Context } from './command.ts';
import { firstKeys, type Keymap, keyWords } from './keymap.ts';
import { nothingDrawn } from './last-drawn.ts';

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
