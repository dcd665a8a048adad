import { closedComponents } from './components.ts';
import type { Reason } from './wait.ts';

/**
 * Which calls in flight can never end, deadlines aside, whatever the threads that are free may do.
 *
 * - `reasons`: as given, with the call that each wait hangs on (`through`)
 * - `cycles`: sets of calls that wait for each other and for nobody else, as ids in the order of waiting, the oldest
 *   first: each waits for the one after it, the last for the first, where one way is all that each has
 * - `behind`: the other calls that are stuck, and the cycle that each waits for
 */
export type Stuck = {
  readonly reasons: ReadonlyMap<number, Reason>;
  readonly cycles: readonly (readonly number[])[];
  readonly behind: ReadonlyMap<number, readonly number[]>;
};

const noWays: readonly number[] = [];

const waysOf = (reason: Reason | undefined): readonly number[] =>
  reason?.kind === 'socket' ? reason.ways : noWays;

/** By a call, the calls that could go on if it ended. */
const invert = (reasons: ReadonlyMap<number, Reason>): ReadonlyMap<number, readonly number[]> => {
  const waiting = new Map<number, number[]>();
  for (const [id, reason] of reasons) {
    for (const way of waysOf(reason)) {
      const others = waiting.get(way);
      if (others) others.push(id);
      else waiting.set(way, [id]);
    }
  }
  return waiting;
};

/**
 * From the first calls on to those that wait for them, and so on: each that is reached, with the call that led there.
 * `past` is left out.
 */
const spread = (
  first: readonly number[],
  waiting: ReadonlyMap<number, readonly number[]>,
  past: ReadonlyMap<number, unknown>,
): ReadonlyMap<number, number> => {
  const reached = new Map(first.map(id => [id, 0]));
  for (const id of reached.keys()) {
    for (const other of waiting.get(id) ?? noWays) {
      if (!reached.has(other) && !past.has(other)) reached.set(other, id);
    }
  }
  return reached;
};

const nothing: ReadonlyMap<number, unknown> = new Map();

const inOrderOfWaiting = (
  component: readonly number[],
  reasons: ReadonlyMap<number, Reason>,
): readonly number[] => {
  const order = new Set<number>();
  const open = [Math.min(...component)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (order.has(id)) continue;
    order.add(id);
    open.push(...[...waysOf(reasons.get(id))].reverse());
  }
  return [...order];
};

/** A wait hangs on the call through which it was reached; one that ends by itself, or has one way, on what it had. */
const hung = (reason: Reason, through: number): Reason =>
  reason.kind === 'socket' && through !== 0 && through !== reason.through ? { ...reason, through } : reason;

/** The cycle that each of the others was reached from. */
const behindOf = (
  cycles: Stuck['cycles'],
  reached: ReadonlyMap<number, number>,
): ReadonlyMap<number, readonly number[]> => {
  const cycleOf = new Map(cycles.flatMap(cycle => cycle.map(id => [id, cycle] as const)));
  const behind = new Map<number, readonly number[]>();
  for (const [id, through] of reached) {
    if (through === 0) continue;
    const cycle = cycleOf.get(through)!;
    cycleOf.set(id, cycle);
    behind.set(id, cycle);
  }
  return behind;
};

/**
 * The greatest set of calls of which each waits for others of the set alone: all are supposed stuck, and those taken
 * away, until nothing changes, that end by themselves, that a free thread or a stranger may end, or one way of which
 * leads to a call that was taken away. Linear in calls and ways.
 */
export const stuckOf = (reasons: ReadonlyMap<number, Reason>): Stuck => {
  const waiting = invert(reasons);
  const live = spread(
    [...reasons].filter(([, reason]) => waysOf(reason).length === 0).map(([id]) => id),
    waiting,
    nothing,
  );
  const left = [...reasons.keys()].filter(id => !live.has(id));
  const hanging = new Map(reasons);
  const hang = (reached: ReadonlyMap<number, number>) => {
    for (const [id, through] of reached) hanging.set(id, hung(reasons.get(id)!, through));
  };
  hang(live);
  const cycles = closedComponents(left, id => waysOf(reasons.get(id))).map(component =>
    inOrderOfWaiting(component, reasons),
  );
  const reached = spread(cycles.flat(), waiting, live);
  hang(reached);
  return { reasons: hanging, cycles, behind: behindOf(cycles, reached) };
};
