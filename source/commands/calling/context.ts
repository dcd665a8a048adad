import type { AnySource } from '../../bench/engine/bench.ts';
import { createLogIndex } from '../../bench/view/log-index.ts';
import { createRates } from '../../bench/view/rates.ts';
import type { WorldStore } from '../../bench/view/store.ts';
import { createTimelineIndex } from '../../bench/view/timeline-index.ts';
import { nothingDrawn } from '../looking/last-drawn.ts';
import type { AppServices, Context, Keymap, KeyOf } from './command.ts';
import { keysFrom } from './hint-keys.ts';
import { firstKeys } from './keymap.ts';

/** What every command gets. `typedOnly`: nobody presses keys, as where lines are typed. */
export const createContext = (
  source: AnySource,
  store: WorldStore,
  app: AppServices,
  keymap: Keymap,
  typedOnly?: KeyOf,
): Context => ({
  source,
  bench: source.kind === 'bench' ? source : null,
  store,
  app,
  keymap,
  keyOf: typedOnly ?? firstKeys(keymap),
  keysFrom: typedOnly ? () => typedOnly : keysFrom(keymap),
  log: createLogIndex(source.journal),
  timeline: createTimelineIndex(source.journal),
  lastDrawn: nothingDrawn(),
  rates: createRates(),
});
