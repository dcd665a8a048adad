import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bench } from '../../source/bench/bench.ts';
import type { Finding } from '../../source/core/finding.ts';
import { deadlocksByTrying } from '../support/deadlock-model.ts';
import { playScript } from '../support/play-script.ts';
import { anyScript, type RandomScript } from '../support/random-script.ts';
import type { Script } from '../support/script-world.ts';
import { createMachine } from '../support/simulated-machine.ts';

const loops = { accept: false, receive: false };

const deadlocks = (bench: Bench): Finding[] =>
  [...bench.state().findings.values()].filter(finding => finding.name === 'deadlock');

/** A deadlock as its calls, ids in ascending order. */
const cycle = (calls: readonly number[]): string => [...calls].sort((a, b) => a - b).join(' ');

/** The bench's verdict is the model's, and a deadline is promised where a call of the cycle has one. */
const agree = (script: Script, found: readonly Finding[]): void => {
  const tried = deadlocksByTrying(script.world()).map(cycle);
  expect(found.map(({ calls }) => cycle(calls)).sort()).toEqual(tried.sort());
  const limited = new Set(script.running().filter(({ timeout }) => timeout).map(({ id }) => id));
  for (const { calls, until } of found) expect(until !== null).toBe(calls.some(id => limited.has(id)));
};

/** Deadlocks that were named and taken back. */
const takenBack = (bench: Bench): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry => (entry.kind === 'finding' && !entry.on ? [entry.finding.key] : []))
    .filter(key => key.startsWith('deadlock'));

/** Acts of a person that end a deadlock from outside: without them one that was named stays. */
const breaks = ({ steps }: RandomScript): boolean =>
  steps.some(({ action }) => ['cancel', 'policy', 'shutdown'].includes(action.do));

/** What was named is gone: its calls do not wait for each other any more. */
const isCleared = (bench: Bench, finding: Finding): void =>
  expect(deadlocks(bench).map(({ key }) => key)).not.toContain(finding.key);

test('on a simulated machine the verdict is that of trying everything', { timeout: 60_000 }, async () => {
  let deadlocked = 0;
  const sizes: any = {};
  const play = async (random: RandomScript): Promise<void> => {
    const machine = createMachine();
    const bench = machine.bench({ loops });
    const rest = () => machine.quiesce(bench);
    const script = await playScript(random, bench, rest);
    const found = deadlocks(bench);
    agree(script, found);
    if (!breaks(random)) expect(takenBack(bench)).toEqual([]);
    if (found.length > 0) deadlocked++;
    for (const f of found) { const k = f.calls.length + (f.until ? ' until' : ''); sizes[k] = (sizes[k] ?? 0) + 1; }
    for (const finding of found) {
      if (finding.until === null) bench.cancel(finding.calls[0]!);
      else if (finding.until > bench.now()) await machine.run(finding.until - bench.now());
      await rest();
      isCleared(bench, finding);
    }
  };
  await fc.assert(fc.asyncProperty(anyScript, play), { numRuns: Number(process.env['RUNS'] ?? 10_000) });
  console.log({ deadlocked, sizes });
});
