import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { waitingCalls } from '../../source/bench/view/wait-groups.ts';
import type { CallState } from '../../source/core/model/state.ts';
import { deadlocks, expectCleared, expectVerdict } from '../support/deadlock-verdict.ts';
import { playScript } from '../support/play-script.ts';
import { anyScript, type RandomScript } from '../support/random-script.ts';
import { createScript } from '../support/script-world.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { runsOf } from '../support/sizes.ts';

const loops = { accept: false, receive: false };

/** Every call in flight is a row of the overlay that says who waits for whom. */
const expectAllShown = (bench: Bench): void => {
  const ids = (calls: Iterable<CallState>) => [...calls].map(({ id }) => id).sort((a, b) => a - b);
  const { calls } = bench.state();
  expect(ids(waitingCalls(bench.state()))).toEqual(ids(calls.values()));
};

test('on a simulated machine the verdict is that of trying everything', async () => {
  const kinds = new Map<string, number>();
  const count = (kind: string) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const play = async (random: RandomScript): Promise<void> => {
    const machine = createMachine({ lazy: random.lazy });
    const bench = machine.bench({ loops });
    const script = createScript(bench);
    const rest = () => machine.quiesce(bench);
    const ends = async () => machine.settle();
    await playScript(random, bench, script, { ends, rest, pause: rest });
    expectVerdict(random, script, bench);
    expectAllShown(bench);
    for (const finding of deadlocks(bench)) {
      const { calls, until } = finding;
      count(`${calls.length}${until === null ? '' : ' until'}`);
      const left = until === null ? 0 : until - bench.now();
      if (left > 1) {
        await machine.run(left - 1);
        expect(bench.state().findings.get(finding.key)).toMatchObject({ calls, until });
        await machine.run(1);
      } else bench.cancel(calls[0]!);
      await rest();
      expectCleared(bench, finding);
    }
  };
  await fc.assert(fc.asyncProperty(anyScript, play), runsOf('deadlocks on the simulated machine'));
  console.log(JSON.stringify(Object.fromEntries([...kinds].sort())));
  // One thread at both ends of a connection, two programs that wait for each other: a test without them tests nothing.
  expect([...kinds.keys()]).toEqual(expect.arrayContaining(['1', '2', '1 until']));
});
