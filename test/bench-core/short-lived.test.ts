import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import { ok } from '../../source/core/calls/outcome.ts';
import { callOf } from '../support/playing.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';

setFlagsFromString('--expose-gc');
const gc: (options: { readonly type: 'minor' }) => void = runInNewContext('gc');

const driver: Driver = {
  start: ({ call, name }, report) => {
    if (call.name === 'recv') return { stop: () => 0, taken: () => 0 };
    report(call.name === 'socket' ? { kind: 'made', name: name() } : ok);
    return null;
  },
  dispose: async () => {},
};

const rounds = 40;
const calls = 500;

/** Bytes in V8's space for what has lived through two collections. */
const longLived = (): number =>
  getHeapSpaceStatistics().find(space => space.space_name === 'old_space')?.space_used_size ?? 0;

it('a call that has ended does not live on until the next full collection', () => {
  const caps = { entries: 10, bytes: 0 };
  const bench = createBench({ driver: () => driver, clock: createSimulatedClock(), caps });
  onTestFinished(() => bench.dispose());
  bench.perform(callOf('c1 = socket'));
  // One that stays in flight.
  bench.perform(callOf('c1.recv 1'));
  const round = () => {
    for (let n = 0; n < calls; n++) bench.perform(callOf('c1.send "x"'), { looped: true });
    bench.flush();
    gc({ type: 'minor' });
    gc({ type: 'minor' });
  };
  // What the program makes once.
  for (let n = 0; n < rounds; n++) round();
  const before = longLived();
  for (let n = 0; n < rounds; n++) round();
  // A call in flight takes some 400 bytes, and what it was asked for.
  expect((longLived() - before) / (rounds * calls)).toBeLessThan(40);
});
