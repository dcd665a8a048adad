import type { Doubt } from '../../core/model/process.ts';
import { stuckOf } from '../../core/waits/stuck.ts';
import type { Machine } from '../proc/machine.ts';
import type { ThreadId, Waits } from './gather.ts';
import type { Deadline, Wait } from './thread-waits.ts';
import { isFree, type Strictness, waysBetween } from './ways.ts';

/** A thread outside of a cycle that could still act for one of it, or a doubt about one that is inside. */
export type Actor = { readonly id: ThreadId; readonly doubt: Doubt | null };

/**
 * Threads that wait for each other, in the order of waiting.
 *
 * - `deadlock`: nobody can end it. `behind`: threads that wait for nothing but it
 * - `until`: nobody can, but the first of `ends`
 * - `suspected`: as far as their calls tell; `actors` could end it
 */
export type Knot =
  | { readonly kind: 'deadlock'; readonly cycle: readonly ThreadId[]; readonly behind: readonly ThreadId[] }
  | {
      readonly kind: 'until';
      readonly cycle: readonly ThreadId[];
      readonly behind: readonly ThreadId[];
      readonly ends: readonly { readonly id: ThreadId; readonly deadline: Deadline }[];
    }
  | { readonly kind: 'suspected'; readonly cycle: readonly ThreadId[]; readonly actors: readonly Actor[] };

type Found = { readonly cycle: readonly ThreadId[]; readonly behind: readonly ThreadId[] };

/** Locks alone are no matter of sockets. */
const hasSocket = (waits: Waits, cycle: readonly ThreadId[]): boolean =>
  cycle.some(id => waits.get(id)!.needs.length > 0);

const cyclesOf = (machine: Machine, waits: Waits, strictness: Strictness): Found[] => {
  const { cycles, behind } = stuckOf(waysBetween(machine, waits, strictness));
  return cycles
    .filter(cycle => hasSocket(waits, cycle))
    .map(cycle => ({ cycle, behind: [...behind].flatMap(([id, of]) => (of === cycle ? [id] : [])) }));
};

const endsOf = (waits: Waits, cycle: readonly ThreadId[]) =>
  cycle.flatMap(id => {
    const { deadline } = waits.get(id)!;
    return deadline ? [{ id, deadline }] : [];
  });

/** Whoever could act for one of the cycle, though it is in no call that says so. */
const actorsOf = (machine: Machine, waits: Waits, cycle: readonly ThreadId[]): Actor[] => {
  const ways = waysBetween(machine, waits, 'deadlines');
  const doubts = cycle.flatMap((id): Actor[] => {
    const { doubt } = waits.get(id)!;
    return doubt ? [{ id, doubt }] : [];
  });
  const others = new Set(cycle.flatMap(id => ways.get(id) ?? []).filter(id => !cycle.includes(id)));
  const free = [...others].filter(id => isFree(waits.get(id)!, 'certain'));
  return [...doubts, ...free.map((id): Actor => ({ id, doubt: waits.get(id)!.doubt }))];
};

/**
 * The knots of one look that hold up one of the processes `whom`: the certain ones first. Each thread is in one at most. Whoever
 * somebody waits for may be in touch with many more, such as a shell that has started them: their knots are none of his.
 */
export const knotsOf = (machine: Machine, waits: Waits, whom: ReadonlySet<number>): Knot[] => {
  const knots: Knot[] = [];
  const told = new Set<ThreadId>();
  const isNew = ({ cycle }: Found) => !cycle.some(id => told.has(id));
  const holdsUp = ({ cycle, behind }: Found) =>
    [...cycle, ...behind].some(id => whom.has(waits.get(id)!.thread.pid));
  const found = (strictness: Strictness) => cyclesOf(machine, waits, strictness).filter(holdsUp);
  const tell = (knot: Knot) => {
    for (const id of knot.cycle) told.add(id);
    knots.push(knot);
  };
  for (const each of found('certain')) tell({ kind: 'deadlock', ...each });
  for (const each of found('deadlines').filter(isNew))
    tell({ kind: 'until', ...each, ends: endsOf(waits, each.cycle) });
  for (const { cycle } of found('suspected').filter(isNew))
    tell({ kind: 'suspected', cycle, actors: actorsOf(machine, waits, cycle) });
  return knots;
};

/** All that a look tells of a wait which lasts: what is in it, how much has moved, and who could end it. */
const stateOf = ({ thread, needs, idle, deadline, doubt }: Wait): string =>
  JSON.stringify([
    thread.call,
    thread.switches,
    idle,
    deadline,
    doubt,
    needs.map(({ socket, other, by, free }) => [
      [socket?.inode, socket?.state, socket?.rcvQ, socket?.sndQ],
      [other?.inode, other?.state, other?.rcvQ, other?.sndQ],
      by,
      free,
    ]),
  ]);

const sameCycle = (one: Knot, other: Knot): boolean =>
  one.kind === other.kind &&
  one.cycle.length === other.cycle.length &&
  one.cycle.every(id => other.cycle.includes(id));

/**
 * The knots that stand in two looks, nothing in them having moved between: no thread of theirs has run. The moment between
 * the looks is one at which all of them waited at once.
 */
export const steadyKnots = (
  before: { readonly knots: readonly Knot[]; readonly waits: Waits },
  after: { readonly knots: readonly Knot[]; readonly waits: Waits },
): Knot[] =>
  after.knots.filter(
    knot =>
      before.knots.some(one => sameCycle(one, knot)) &&
      knot.cycle.every(id => stateOf(before.waits.get(id)!) === stateOf(after.waits.get(id)!)),
  );
