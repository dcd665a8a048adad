/* What a call that has ended leaves of itself in memory until the next full collection. Prints it, in bytes. Needs --expose-gc. */

import { getHeapSpaceStatistics } from 'node:v8';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { callOf } from '../support/playing.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';
import { waitingDriver } from '../support/waiting-driver.ts';

const rounds = 40;
const calls = 500;

/** Bytes in V8's space for what has lived through two collections. */
const longLived = (): number =>
  getHeapSpaceStatistics().find(space => space.space_name === 'old_space')?.space_used_size ?? 0;

const caps = { entries: 10, bytes: 0 };
const bench = createBench({ driver: () => waitingDriver, clock: createSimulatedClock(), caps });
bench.perform(callOf('c1 = socket'));
// One that stays in flight.
bench.perform(callOf('c1.recv 1'));

const round = () => {
  for (let n = 0; n < calls; n++) bench.perform(callOf('c1.send "x"'), { looped: true });
  bench.flush();
  for (let times = 0; times < 2; times++) globalThis.gc?.({ type: 'minor' });
};

// What the program makes once.
for (let n = 0; n < rounds; n++) round();
globalThis.gc?.();
const before = longLived();
for (let n = 0; n < rounds; n++) round();
console.log((longLived() - before) / (rounds * calls));
await bench.dispose();
