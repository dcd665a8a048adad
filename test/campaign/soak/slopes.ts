import { readdirSync, readFileSync } from 'node:fs';

/**
 * What the program holds at a time: bytes without garbage and without compiled code, bytes that are resident, and descriptors of
 * every process of it.
 */
export type Sample = {
  readonly minute: number;
  readonly held: number;
  readonly resident: number;
  readonly descriptors: number;
  readonly processes: number;
};

/** A process and all that descend from it (proc(5), stat: the command may have brackets of its own). */
export const familyOf = (pid: number): readonly number[] => {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const [, parent] = /^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'latin1')) ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // It has just ended.
    }
  }
  const family = [pid];
  for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
  return family;
};

/** Threads share the descriptors of their process: its workers' are among them. */
export const descriptorsOf = (pid: number): number => {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
};

/** In bytes (proc(5), status: VmRSS). */
export const residentOf = (pid: number): number =>
  1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);

/**
 * How much more there is a minute: the median of what any two samples say (Theil and Sen), so that neither what is loaded once
 * nor a moment's fullness passes for growth, and growth on and on does.
 */
export const slopeOf = (samples: readonly Sample[], value: (sample: Sample) => number): number => {
  const all = samples.flatMap((later, at) =>
    samples.slice(0, at).map(earlier => (value(later) - value(earlier)) / (later.minute - earlier.minute)),
  );
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
};

const mebibyte = 1024 ** 2;

/** The most that there may be more at the end than at the beginning, as the slope has it. */
const mostGrown = { held: 8 * mebibyte, resident: 64 * mebibyte, descriptors: 4 } as const;

type Measure = keyof typeof mostGrown;

const written = (measure: Measure, number: number): string =>
  measure === 'descriptors' ? number.toFixed(1) : `${(number / mebibyte).toFixed(2)} MiB`;

/** Of fewer rounds nothing is concluded. */
const leastSamples = 10;

/**
 * Rounds in which what has a bound fills up to it, and of which nothing is concluded, as a share of all. It is code with what it
 * remembers of types, memory to receive into (16 MiB at most are kept free), the timeline of the first 10,000 entries that the
 * journal lets go of, lists of names: what goes on and on does so in the others too.
 */
const filling = 1 / 3;

const settled = (samples: readonly Sample[]): readonly Sample[] =>
  samples.slice(Math.ceil(samples.length * filling));

const rangeOf = (samples: readonly Sample[], measure: Measure): string => {
  const all = samples.map(sample => sample[measure]);
  return `${written(measure, Math.min(...all))} to ${written(measure, Math.max(...all))}`;
};

/** A line a measure: its slope, and whether that is flat. */
export const slopes = (
  all: readonly Sample[],
): readonly { readonly line: string; readonly isFlat: boolean }[] => {
  const samples = settled(all);
  const minutes = (samples.at(-1)?.minute ?? 0) - (samples[0]?.minute ?? 0);
  return (Object.keys(mostGrown) as Measure[]).map(measure => {
    const slope = slopeOf(samples, sample => sample[measure]);
    const grown = slope * minutes;
    const isFlat = samples.length < leastSamples || grown <= mostGrown[measure];
    const verdict = samples.length < leastSamples ? 'too few rounds to tell' : isFlat ? 'flat' : 'it grows';
    const line = `${measure}: ${written(measure, slope)} more a minute in ${minutes.toFixed(1)} minutes, ${rangeOf(samples, measure)}: ${verdict}`;
    return { line, isFlat };
  });
};
