import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bench } from '../../source/bench/bench.ts';
import { deadlocksByTrying } from '../support/deadlock-model.ts';
import { anyScript, playScript, type RandomScript } from '../support/random-script.ts';
import { createMachine } from '../support/simulated-machine.ts';

const stats: string[] = [];
const loops = { accept: false, receive: false };

/** The deadlocks the bench names, as ids in ascending order. */
const named = (bench: Bench): number[][] =>
  [...bench.state().findings.values()]
    .filter(finding => finding.name === 'deadlock')
    .map(finding => [...finding.calls].sort((a, b) => a - b));

const inOrder = (cycles: readonly (readonly number[])[]): string[] =>
  cycles.map(cycle => cycle.join(' ')).sort();

/** The bench's verdict on a script equals the model's; every deadlock named breaks when one of its calls is cancelled. */
const agree = async (
  random: RandomScript,
  bench: Bench,
  rest: () => Promise<void>,
): Promise<number> => {
  const script = await playScript(random, bench, rest);
  const found = named(bench);
  expect(inOrder(found)).toEqual(inOrder(deadlocksByTrying(script.world())));
  for (const [first] of found) bench.cancel(first!);
  await rest();
  const left = inOrder(named(bench));
  for (const cycle of inOrder(found)) expect(left).not.toContain(cycle);
  stats.push(script.running().length + '/' + script.open().length + ' ' + found.map(f => f.length).join(','));
  return found.length;
};

test('on a simulated machine the verdict is that of trying everything', { timeout: 60_000 }, async () => {
  let deadlocked = 0;
  const property = fc.asyncProperty(anyScript, async random => {
    const machine = createMachine();
    const bench = machine.bench({ loops });
    if ((await agree(random, bench, () => machine.quiesce(bench))) > 0) deadlocked++;
  });
  await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? 10_000) });
  const c: any = {}; for (const s of stats) c[s] = (c[s] ?? 0) + 1; console.log({ deadlocked }, c);
});
