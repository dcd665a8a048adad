import { closedComponents } from './components.ts';

/**
 * What waits, the oldest first, each with those of which any one would end its wait by going on: calls in flight by their
 * ids, or threads of processes. Without a way it goes on by itself, or by somebody who is free; a way to what is not in
 * here leads to somebody free, too.
 */
export type Ways<K> = ReadonlyMap<K, readonly K[]>;

/**
 * Who can never go on, deadlines aside, whatever those that are free may do.
 *
 * - `cycles`: those that wait for each other and for nobody else, in the order of waiting, the oldest first: each waits
 *   for the one after it, the last for the first, where one way is all that each has
 * - `behind`: the others that are stuck, and the cycle that each waits for
 * - `through`: the one of its ways that a wait hangs on, where a search came through it: towards whoever is free, or
 *   towards a cycle
 */
export type Stuck<K> = {
  readonly cycles: readonly (readonly K[])[];
  readonly behind: ReadonlyMap<K, readonly K[]>;
  readonly through: ReadonlyMap<K, K>;
};

/** By a way, who could go on if it did. */
const invert = <K>(ways: Ways<K>): Ways<K> => {
  const waiting = new Map<K, K[]>();
  for (const [id, each] of ways) {
    for (const way of each) {
      const others = waiting.get(way);
      if (others) others.push(id);
      else waiting.set(way, [id]);
    }
  }
  return waiting;
};

/**
 * From the first on to those that wait for them, and so on: each that is reached. `through` notes for it the one that led
 * there; `past` is left out.
 */
const spread = <K>(
  first: readonly K[],
  waiting: Ways<K>,
  through: Map<K, K>,
  past: ReadonlySet<K>,
): ReadonlySet<K> => {
  const reached = new Set(first);
  for (const id of reached) {
    for (const other of waiting.get(id) ?? []) {
      if (reached.has(other) || past.has(other)) continue;
      reached.add(other);
      through.set(other, id);
    }
  }
  return reached;
};

const inOrderOfWaiting = <K>(oldest: K, ways: Ways<K>): readonly K[] => {
  const order = new Set<K>();
  const open = [oldest];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (order.has(id)) continue;
    order.add(id);
    open.push(...[...(ways.get(id) ?? [])].reverse());
  }
  return [...order];
};

/** The cycle that each of the others was reached from. */
const behindOf = <K>(
  cycles: Stuck<K>['cycles'],
  reached: ReadonlySet<K>,
  through: ReadonlyMap<K, K>,
): Stuck<K>['behind'] => {
  const cycleOf = new Map(cycles.flatMap(cycle => cycle.map(id => [id, cycle] as const)));
  const behind = new Map<K, readonly K[]>();
  for (const id of reached) {
    const before = through.get(id);
    if (cycleOf.has(id) || before === undefined) continue;
    const cycle = cycleOf.get(before)!;
    cycleOf.set(id, cycle);
    behind.set(id, cycle);
  }
  return behind;
};

/**
 * The greatest set of which each waits for others of the set alone: all are supposed stuck, and those taken away, until
 * nothing changes, that go on by themselves, that somebody free may help, or one way of which leads to one that was taken
 * away. Linear in who waits and ways.
 */
export const stuckOf = <K>(ways: Ways<K>): Stuck<K> => {
  const waiting = invert(ways);
  const through = new Map<K, K>();
  const goesOn = ([, each]: [K, readonly K[]]) => each.length === 0 || each.some(way => !ways.has(way));
  const free = [...ways].filter(goesOn).map(([id]) => id);
  const live = spread(free, waiting, through, new Set());
  const left = [...ways.keys()].filter(id => !live.has(id));
  const age = new Map(left.map((id, index) => [id, index]));
  const oldestOf = (component: readonly K[]) =>
    component.reduce((oldest, id) => (age.get(id)! < age.get(oldest)! ? id : oldest));
  const cycles = closedComponents(left, id => ways.get(id)!).map(component =>
    inOrderOfWaiting(oldestOf(component), ways),
  );
  const reached = spread(cycles.flat(), waiting, through, live);
  return { cycles, behind: behindOf(cycles, reached, through), through };
};
