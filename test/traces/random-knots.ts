/** A call of script.py: what it does, on which pair (for sleep: ms), and how much. */
export type Step = readonly [string, number] | readonly [string, number, number];

/**
 * A script for processes in a ring, each connected with the next. `knot`: whether they end in a deadlock; else `miss` says by
 * what alone they do not.
 */
export type RandomScript = {
  readonly knot: boolean;
  readonly miss: Miss | null;
  readonly pairs: readonly (readonly [number, number])[];
  readonly processes: readonly (readonly (readonly Step[])[])[];
};

/** Numbers from 0 up to `below`; the same for the same seed (Numerical Recipes' generator). */
const chance = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** More than two kernels' buffers hold. */
const much = 40_000_000;

export const misses = ['timer', 'thread', 'byte', 'settimeout', 'SO_RCVTIMEO', 'reader'] as const;
export type Miss = (typeof misses)[number];

type Plan = { readonly pairs: [number, number][]; readonly processes: Step[][][] };

/** What each does first: a few bytes to the next one, which takes them. */
const exchange = (plan: Plan, pick: (below: number) => number): void => {
  for (let round = pick(4); round > 0; round--) {
    for (const [pair, [from, to]] of plan.pairs.entries()) {
      const size = 1 + pick(5000);
      plan.processes[from]![0]!.push(['send', pair, size]);
      plan.processes[to]![0]!.push(['recv', pair, size]);
    }
  }
};

/** All wait for the one before them, or all send to the one after them. */
const tie = (plan: Plan, full: boolean, size: number): void => {
  for (const [pair, [from, to]] of plan.pairs.entries()) {
    if (full) plan.processes[from]![0]!.push(['send', pair, much]);
    else plan.processes[to]![0]!.push(['recv', pair, size]);
  }
  if (!full) return;
  for (const [pair, [, to]] of plan.pairs.entries()) plan.processes[to]![0]!.push(['recv', pair, much]);
};

/** One process does what keeps all of them from a deadlock. */
const miss = (plan: Plan, what: Miss, size: number, pick: (below: number) => number): void => {
  const pair = pick(plan.pairs.length);
  const [from, to] = plan.pairs[pair]!;
  const late = 100 + pick(900);
  const own = plan.processes[from]!;
  const place = Math.max(0, own[0]!.length - 1);
  switch (what) {
    case 'timer':
      own[0]!.splice(place, 0, ['sleep', late], ['send', pair, size]);
      break;
    case 'thread':
      own.push([
        ['sleep', late],
        ['send', pair, size],
      ]);
      break;
    case 'byte':
      // One byte less would leave all of them waiting.
      own[0]!.splice(place, 0, ['send', pair, size - 1], ['send', pair, 1]);
      break;
    case 'settimeout':
    case 'SO_RCVTIMEO':
      plan.processes[to]![0]!.splice(-1, 0, [what, pair, late]);
      break;
    case 'reader':
      plan.processes[to]!.push([
        ['sleep', late],
        ['recv', pair, much],
      ]);
      break;
  }
};

export const randomScript = (seed: number): RandomScript => {
  const pick = chance(seed * 7_919 + 17);
  const count = 2 + pick(3);
  const plan: Plan = {
    pairs: Array.from({ length: count }, (_, i): [number, number] => [i, (i + 1) % count]),
    processes: Array.from({ length: count }, () => [[]]),
  };
  const knot = pick(2) === 0;
  const what = misses[pick(misses.length)]!;
  const full = what === 'reader' || (knot && pick(3) === 0);
  const size = 2 + pick(5000);
  exchange(plan, pick);
  tie(plan, full, size);
  if (!knot) miss(plan, what, size, pick);
  else if (what === 'byte' && !full) plan.processes[0]![0]!.splice(-1, 0, ['send', 0, size - 1]);
  return { knot, miss: knot ? null : what, ...plan };
};
