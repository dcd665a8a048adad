import { expect } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { type Finding, findingUntil } from '../../source/core/model/finding.ts';
import type { CallState } from '../../source/core/model/state.ts';
import { deadlocksOf } from '../../source/core/waits/deadlock.ts';
import { breaksIt, deadlocksByTrying, neverEnding, type World } from './deadlock-model.ts';
import type { RandomScript } from './random-script.ts';
import type { Script } from './script-world.ts';

type Named = Extract<Finding, { name: 'deadlock' }>;

/** The deadlocks that a bench names. */
export const deadlocks = (bench: Bench): Named[] =>
  [...bench.state().findings.values()].filter(finding => finding.name === 'deadlock');

const ascending = (ids: Iterable<number>): number[] => [...ids].sort((a, b) => a - b);

/** A deadlock as its calls, ids in ascending order. */
const cycle = (calls: readonly number[]): string => ascending(calls).join(' ');

/** Deadlocks that were named and taken back before their time. */
const takenBack = (bench: Bench): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry => (entry.kind === 'finding' && !entry.on ? [entry] : []))
    .filter(
      ({ finding, t }) =>
        finding.name === 'deadlock' && t < (findingUntil(finding) ?? Number.POSITIVE_INFINITY),
    )
    .map(({ finding }) => finding.key);

/** Acts of a person that end a deadlock from outside: without them one that was named stays. */
const breaks = ({ steps }: RandomScript): boolean =>
  steps.some(({ action }) => ['cancel', 'policy', 'shutdown', 'reset'].includes(action.do));

/** A connect's SYNs in ms: 1 s, 2 s ... 64 s after the one before. */
const synsMs = 127_000;

const endOf = ({ call, deadline, startedAt }: CallState): number => {
  const limit = call.name === 'connect' ? startedAt! + synsMs : Number.POSITIVE_INFINITY;
  return Math.min(limit, deadline ?? limit);
};

/** The first of the deadlines that end a deadlock, in its cycle or not; null where none does. */
const firstEnd = (world: World, bench: Bench, calls: readonly number[]): number | null => {
  let first = Number.POSITIVE_INFINITY;
  for (const { id } of world.calls) {
    const end = endOf(bench.state().calls.get(id)!);
    if (end < first && breaksIt(world, calls, id)) first = end;
  }
  return Number.isFinite(first) ? first : null;
};

/**
 * At rest the bench names the deadlocks that the model finds and no other, knows of every call that it cannot end,
 * promises the first deadline that ends one, and has never named one that was none.
 */
export const expectVerdict = (random: RandomScript, script: Script, bench: Bench): void => {
  const found = deadlocks(bench);
  const world = script.world();
  expect(found.map(({ calls }) => cycle(calls)).sort()).toEqual(deadlocksByTrying(world).map(cycle).sort());
  const stuck = deadlocksOf(bench.state()).flatMap(({ calls, behind }) => [...calls, ...behind]);
  expect(ascending(stuck.map(({ id }) => id))).toEqual(ascending(neverEnding(world).map(({ id }) => id)));
  for (const { calls, until } of found) expect(until).toBe(firstEnd(world, bench, calls));
  if (!breaks(random)) expect(takenBack(bench)).toEqual([]);
};

/** What was named is gone: its calls do not wait for each other any more. */
export const expectCleared = (bench: Bench, finding: Finding): void =>
  expect(deadlocks(bench).map(({ key }) => key)).not.toContain(finding.key);
