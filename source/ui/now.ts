import { createContext, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Bench } from '../bench/bench.ts';
import type { World, WorldStore } from '../bench/store.ts';

/** Counts up with each tick of the screen's one clock: what shows a time reads it. */
export const TickContext = createContext(0);

/** Calls younger than this, and deadlines, count tenths; older ones whole seconds. In ms. */
const fineTime = 60_000;

/** How often the screen must be redrawn for its clocks, in ms; 0: nothing on it depends on the time. */
const intervalFor = ({ bench, view }: World, now: number): number => {
  if (view.replay) return 0;
  if (view.message && view.message.until > now) return 100;
  if (view.quitBefore > now) return 100;
  if (view.frozen) return 0;
  let interval = 0;
  for (const { startedAt, queuedAt, deadline } of bench.calls.values()) {
    if (deadline !== null || now - (startedAt ?? queuedAt) < fineTime) return 100;
    interval = 1000;
  }
  return interval;
};

/** The one ticker: 10 Hz at most, none while nothing moves. */
export const useTicker = (bench: Bench, store: WorldStore): number => {
  const [tick, setTick] = useState(0);
  const interval = useStore(store, world => intervalFor(world, bench.now()));
  useEffect(() => {
    if (interval === 0) return undefined;
    const timer = setInterval(() => setTick(count => count + 1), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return tick;
};

/** The bench's time for a pane; the time of the freeze while the view is frozen. */
export const useNow = (bench: Bench, store: WorldStore): number => {
  use(TickContext);
  const frozenAt = useStore(store, ({ view }) => (view.frozen ? view.frozenAt : null));
  return frozenAt ?? bench.now();
};
