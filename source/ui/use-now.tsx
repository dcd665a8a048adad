import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Source } from '../bench/engine/source.ts';
import type { World, WorldStore } from '../bench/view/store.ts';
import { memo } from '../core/model/memo.ts';
import { type BenchState, isAside } from '../core/model/state.ts';
import { useServices } from './screen-services.ts';

/** Another object with each tick of the screen's one clock: what shows a time uses it. */
const TickContext = createContext({});

/** Times below this, and what is left of deadlines, are told in tenths of a second, others in whole ones. In ms. */
const fineTime = 10_000;

/**
 * Between two redraws, in ms. A frame takes some 10 ms of the processor: ten a second would be a tenth of it, for digits that no eye
 * reads as fast.
 */
const fine = 333;
const coarse = 1000;

/**
 * How long after the last that moved a zoomed pane is drawn on, whose bytes a second are those between two redraws: one may come short
 * of the second, the next counts what moved last, the next counts nothing, and the one after it says so. In ms.
 */
const ratesRest = 3_500;

/**
 * Times at which a state's clocks are fine: until the youngest call is no longer young, and what a thread does besides; and from when
 * on the next deadline is near. Whether there are clocks at all.
 */
const clocksOf = memo((bench: BenchState) => {
  let fineUntil = Number.NEGATIVE_INFINITY;
  let fineFrom = Number.POSITIVE_INFINITY;
  for (const { startedAt, queuedAt, deadline, actor } of bench.calls.values()) {
    // What the bench's peers are in is told in whole seconds.
    if (isAside(bench, actor)) continue;
    fineUntil = Math.max(fineUntil, (startedAt ?? queuedAt) + fineTime);
    if (deadline !== null) fineFrom = Math.min(fineFrom, deadline - fineTime);
  }
  let stands = false;
  for (const { threads, aside } of bench.processes.values()) {
    for (const { does, since } of threads) {
      if (does === 'running') continue;
      stands = true;
      if (!aside) fineUntil = Math.max(fineUntil, since + fineTime);
    }
  }
  // What is left of TIME-WAIT counts whole seconds.
  const lingers = () => bench.graveyard.some(name => bench.sockets.get(name)?.kernel?.timer === 'time-wait');
  return { fineUntil, fineFrom, any: bench.calls.size > 0 || stands || lingers() };
});

/** How often the screen must be redrawn for its clocks, in ms; 0: nothing on it depends on the time. */
const intervalFor = ({ bench, view }: World, now: number): number => {
  if (view.replay) return 0;
  if (Math.max(view.message?.until ?? 0, view.quitBefore) > now) return fine;
  if (view.frozen) return 0;
  const { fineUntil, fineFrom, any } = clocksOf(bench);
  if (now < fineUntil || now > fineFrom) return fine;
  return any || (view.zoomed && now < bench.t + ratesRest) ? coarse : 0;
};

type Props = { readonly source: Source; readonly store: WorldStore; readonly children: ReactNode };

/** The one clock: 3 Hz at most, still while nothing moves. A tick renders only what reads the time. */
export const Clock = ({ source, store, children }: Props) => {
  const [, setTick] = useState(0);
  const interval = useStore(store, world => intervalFor(world, source.now()));
  useEffect(() => {
    if (interval === 0) return undefined;
    const timer = setInterval(() => setTick(count => count + 1), interval);
    return () => clearInterval(timer);
  }, [interval]);
  // Also new when the clock is rendered for the last time and stands still from then on: what ran out goes then.
  return <TickContext value={{}}>{children}</TickContext>;
};

/** The time of what is shown, in ms. */
export const useNow = (): number => {
  use(TickContext);
  return useServices().context.source.now();
};

/** The time a pane shows: that of the freeze while the view is frozen. */
export const useShownNow = (): number => {
  const { store } = useServices().context;
  const now = useNow();
  return useStore(store, ({ view }) => (view.frozen ? view.frozenAt : null)) ?? now;
};
