import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** ms of hardly any collection after which the program rests. */
const restsAfter = 5_000;

/** Collections in that time that a screen with clocks makes by itself. */
const hardlyAny = 2;

/** Bytes that the heap must have grown by since: a collection of everything stops the program for some 0.1 s. */
const worthIt = 32 * 1024 ** 2;

type Collect = (how: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

let collect: Collect | undefined;

/**
 * Collects everything and gives what is free back to the system. V8 keeps the pages of its own collections in a pool, which only
 * the collection that it makes before it gives up, "last resort", empties: 160 of 400 MB after a million entries.
 */
export const giveBack = (): void => {
  if (!collect) {
    // `gc` is in contexts made after the flag is set: this one has none (Node's documentation, --expose-gc).
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
    setFlagsFromString('--no-expose-gc');
  }
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
};

const heapSize = (): number => getHeapStatistics().total_heap_size;

/** Gives back what a flood has left in the heap, once the program rests: V8 itself collects only while something is made. */
export const giveBackAtRest = (after: number = restsAfter): void => {
  /** Of the heap, in bytes: what it had when it was last given back, and the most since. */
  let kept = heapSize();
  let most = kept;
  let collections = 0;
  let waits = false;

  const look = () => {
    waits = false;
    if (collections > hardlyAny) return wait();
    if (most - kept < worthIt) return;
    giveBack();
    kept = heapSize();
    most = kept;
  };

  const wait = () => {
    collections = 0;
    waits = true;
    setTimeout(look, after).unref();
  };

  new PerformanceObserver(list => {
    most = Math.max(most, heapSize());
    collections += list.getEntries().length;
    if (!waits) wait();
  }).observe({ entryTypes: ['gc'] });
};
