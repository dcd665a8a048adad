import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it, in bytes: as much as V8 had before it took more where memory is large. */
const enough = 16 * 1024 ** 2;

/** What V8 has for new objects, in bytes. */
export const newSpaceSize = (): number =>
  getHeapSpaceStatistics().find(space => space.space_name === 'new_space')?.space_size ?? 0;

/**
 * Ends the growth of the space for new objects where it is wide enough. V8 doubles it while many of them survive, to 128 MiB, and a
 * program at rest never gives that back: a journal that fills, or connections that come by the thousand, would keep it resident
 * for ever. What survives goes to the old space either way. The flag is read at each growth; those that say how large it may
 * become are read before a program runs.
 */
export const boundNewSpace = (): void => {
  // What survives is little, and moved by this thread alone: it would have to wait for helpers whose processors a peer at full speed,
  // or the disk, has taken.
  setFlagsFromString('--no-parallel-scavenge');
  const observer = new PerformanceObserver(() => {
    if (newSpaceSize() < enough) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
};
