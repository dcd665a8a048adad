import { expect, it, onTestFinished } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { mostEnded } from '../../source/bench/engine/flusher.ts';
import { callOf } from '../support/playing.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';
import { waitingDriver } from '../support/waiting-driver.ts';

const benchOf = () => {
  const bench = createBench({ driver: () => waitingDriver, clock: createSimulatedClock() });
  onTestFinished(() => bench.dispose());
  return bench;
};

it('no call stays in flight that ended while what came in was folded', () => {
  // The close ends the loop's receive in its own end: at one of these the fold falls between the two.
  for (let before = mostEnded - 8; before < mostEnded; before++) {
    const bench = benchOf();
    bench.perform(callOf('c1 = socket'));
    bench.perform({ name: 'recv', on: 'c1', size: 1 }, { looped: true });
    const send = callOf('c1.send "x"');
    for (let n = 0; n < before; n++) bench.perform(send);
    bench.perform(callOf('c1.close'));
    bench.flush();
    expect([...bench.state().calls.values()].map(({ call }) => call.name)).toEqual([]);
  }
});

/** Entries of so many sockets, one of which has its receive end and makes another, so many times between two flushes. */
const entriesOf = (sockets: number, calls: number): number => {
  const bench = benchOf();
  const waiting: number[] = [];
  const receive = (at: number) => {
    waiting[at] = bench.perform({ name: 'recv', on: `c${at + 1}`, size: 1 });
  };
  for (let at = 0; at < sockets; at++) {
    bench.perform(callOf(`c${at + 1} = socket`));
    receive(at);
  }
  bench.flush();
  const first = bench.journal.last();
  for (let n = 0; n < calls; n++) {
    const at = n % sockets;
    bench.cancel(waiting[at]!);
    receive(at);
  }
  bench.flush();
  return bench.journal.last() - first;
};

it.each([1, 100, 3_000])(
  'on %d sockets what a flush tells of calls in flight is told once, not at each fold',
  sockets => {
    const calls = 9_000;
    // The end of each, and those that are in flight at the end.
    expect(entriesOf(sockets, calls)).toBeLessThan(1.05 * (calls + sockets));
  },
);
