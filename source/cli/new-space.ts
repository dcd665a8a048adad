import { availableParallelism } from 'node:os';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { idleBetween, ticksNow } from './idle-processors.ts';

/** Both halves of it, in bytes: as much as V8 had before it took more where memory is large. */
const enough = 16 * 1024 ** 2;

/** ms between two looks at how busy the processors are: 25 ticks of each. */
const lookEvery = 250;

/** Of a processor, idle on average: so much that a helper gets it at once. */
const spare = 0.5;

/** What V8 has for new objects, in bytes. */
export const newSpaceSize = (): number =>
  getHeapSpaceStatistics().find(space => space.space_name === 'new_space')?.space_size ?? 0;

/**
 * Lets V8 move what survives with helpers where a processor is idle, and alone where none is: it waits for its helpers, and a peer
 * at full speed, or the disk, has taken their processors (0.8 against 1.1 GB/s on two). Answers what looks again, after a collection.
 */
const helpWhereIdle = (): (() => void) => {
  setFlagsFromString('--no-parallel-scavenge');
  const processors = availableParallelism();
  let helped = false;
  let looked = performance.now();
  let last = ticksNow();
  return () => {
    const now = performance.now();
    if (now - looked < lookEvery) return;
    looked = now;
    const ticks = ticksNow();
    const helps = ticks !== null && last !== null && idleBetween(last, ticks, processors) >= spare;
    last = ticks;
    if (helps === helped) return;
    helped = helps;
    setFlagsFromString(helps ? '--parallel-scavenge' : '--no-parallel-scavenge');
  };
};

/**
 * Ends the growth of the space for new objects where it is wide enough. V8 doubles it while many of them survive, to 128 MiB, and a
 * program at rest never gives that back: a journal that fills, or connections that come by the thousand, would keep it resident
 * for ever. What survives goes to the old space either way. The flag is read at each growth; those that say how large it may
 * become are read before a program runs.
 */
export const boundNewSpace = (): void => {
  const lookAgain = helpWhereIdle();
  let grows = true;
  const observer = new PerformanceObserver(() => {
    lookAgain();
    if (!grows || newSpaceSize() < enough) return;
    grows = false;
    setFlagsFromString('--semi-space-growth-factor=1');
  });
  observer.observe({ entryTypes: ['gc'] });
};
