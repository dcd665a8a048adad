import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deadlocks, expectCleared, expectVerdict } from '../support/deadlock-verdict.ts';
import { playScript } from '../support/play-script.ts';
import { anyScript, type RandomScript } from '../support/random-script.ts';
import { createScript } from '../support/script-world.ts';
import { createMachine } from '../support/simulated-machine.ts';

const loops = { accept: false, receive: false };

test('on a simulated machine the verdict is that of trying everything', { timeout: 120_000 }, async () => {
  const sizes = new Set<number>();
  const play = async (random: RandomScript): Promise<void> => {
    const machine = createMachine({ lazy: random.lazy });
    const bench = machine.bench({ loops });
    const script = createScript(bench);
    const rest = () => machine.quiesce(bench);
    const ends = async () => machine.settle();
    await playScript(random, bench, script, { ends, rest, pause: rest });
    expectVerdict(random, script, bench);
    for (const finding of deadlocks(bench)) {
      sizes.add(finding.calls.length);
      const left = finding.until === null ? 0 : finding.until - bench.now();
      if (left > 1) {
        await machine.run(left - 1);
        expect(bench.state().findings.get(finding.key)).toEqual(finding);
        await machine.run(1);
      } else bench.cancel(finding.calls[0]!);
      await rest();
      expectCleared(bench, finding);
    }
  };
  await fc.assert(fc.asyncProperty(anyScript, play), { numRuns: Number(process.env.RUNS ?? 10_000) });
  // One thread at both ends of a connection, two programs that wait for each other: a test without them tests nothing.
  expect([...sizes]).toEqual(expect.arrayContaining([1, 2]));
});
