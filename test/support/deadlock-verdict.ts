import { expect } from 'vitest';
import type { Bench } from '../../source/bench/bench.ts';
import type { Finding } from '../../source/core/finding.ts';
import { deadlocksByTrying } from './deadlock-model.ts';
import type { RandomScript } from './random-script.ts';
import type { Script } from './script-world.ts';

/** The deadlocks that a bench names. */
export const deadlocks = (bench: Bench): Finding[] =>
  [...bench.state().findings.values()].filter(finding => finding.name === 'deadlock');

/** A deadlock as its calls, ids in ascending order. */
const cycle = (calls: readonly number[]): string => [...calls].sort((a, b) => a - b).join(' ');

/** Deadlocks that were named and taken back. */
const takenBack = (bench: Bench): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry => (entry.kind === 'finding' && !entry.on ? [entry.finding.key] : []))
    .filter(key => key.startsWith('deadlock'));

/** Acts of a person that end a deadlock from outside: without them one that was named stays. */
const breaks = ({ steps }: RandomScript): boolean =>
  steps.some(({ action }) => ['cancel', 'policy', 'shutdown'].includes(action.do));

/**
 * At rest the bench names the deadlocks that the model finds and no other, promises a deadline where a call of the
 * cycle has one, and has never named one that was none.
 */
export const expectVerdict = (random: RandomScript, script: Script, bench: Bench): void => {
  const found = deadlocks(bench);
  const tried = deadlocksByTrying(script.world()).map(cycle);
  expect(found.map(({ calls }) => cycle(calls)).sort()).toEqual(tried.sort());
  const limited = new Set(script.running().flatMap(({ id, timeout }) => (timeout ? [id] : [])));
  for (const { calls, until } of found) expect(until !== null).toBe(calls.some(id => limited.has(id)));
  if (!breaks(random)) expect(takenBack(bench)).toEqual([]);
};

/** What was named is gone: its calls do not wait for each other any more. */
export const expectCleared = (bench: Bench, finding: Finding): void =>
  expect(deadlocks(bench).map(({ key }) => key)).not.toContain(finding.key);
