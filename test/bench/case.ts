/** One of those that are compared. */
export type Contender = {
  readonly name: string;
  /** One run, in processes of its own; resolves with the figure in the case's unit. */
  readonly run: (size: number) => Promise<number>;
};

/** What is hoped for: a share of another's figure, or a figure of its own. */
export type Aim =
  | { readonly of: string; readonly beside: string; readonly ratio: number }
  | { readonly of: string; readonly limit: number };

export type BenchCase = {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** Interleaved runs of every contender. */
  readonly rounds: number;
  /** How much one run does, and how little it does where only its working is tried. */
  readonly size: number;
  readonly tinySize: number;
  readonly contenders: readonly Contender[];
  readonly aims: readonly Aim[];
  /** Once before the first run, and after the last. */
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
};

export type Measured = { readonly name: string; readonly runs: readonly number[]; readonly median: number };

export type Verdict = { readonly aim: Aim; readonly found: number; readonly held: boolean };

export type Result = {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly measured: readonly Measured[];
  readonly verdicts: readonly Verdict[];
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** The value below which `share` (0..1) of the values lie: the nearest rank. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
};

const judge = (aim: Aim, better: BenchCase['better'], figures: ReadonlyMap<string, number>): Verdict => {
  const own = figures.get(aim.of)!;
  const found = 'limit' in aim ? own : own / figures.get(aim.beside)!;
  const goal = 'limit' in aim ? aim.limit : aim.ratio;
  return { aim, found, held: better === 'more' ? found >= goal : found <= goal };
};

/**
 * Runs a case. Contenders take turns, and who begins changes with each round, so that what else the machine does
 * falls on all of them alike. A tiny run judges nothing.
 */
export const measure = async (bench: BenchCase, tiny: boolean): Promise<Result> => {
  const { contenders, better } = bench;
  const runs = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  await bench.before?.();
  try {
    for (let round = 0; round < (tiny ? 1 : bench.rounds); round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const contender = contenders[(round + turn) % contenders.length]!;
        runs.get(contender.name)!.push(await contender.run(tiny ? bench.tinySize : bench.size));
      }
    }
  } finally {
    await bench.after?.();
  }
  const measured = [...runs].map(([name, values]) => ({ name, runs: values, median: median(values) }));
  const figures = new Map(measured.map(one => [one.name, one.median]));
  return {
    name: bench.name,
    what: bench.what,
    unit: bench.unit,
    measured,
    verdicts: (tiny ? [] : bench.aims).map(aim => judge(aim, better, figures)),
  };
};
