import type { Printed } from '../../bench/processes/started-programs.ts';
import type { Moment } from '../../traces/strace/moments.ts';
import type { Streams } from './program-streams.ts';

/** Among the moments of a program's strace: it has printed, under the number that it was started with. */
export type PrintedThen = {
  readonly at: number;
  readonly pid: () => number;
  readonly what: () => readonly Printed[];
};

export type Heard = Moment | PrintedThen;

const writers: ReadonlySet<string> = new Set(['write', 'writev', 'pwritev2']);

/** With what a program wrote to its streams where it wrote it. */
export const withPrinted = (
  moments: readonly Moment[],
  { streamAt, wrote }: Streams,
  pid: () => number,
): readonly Heard[] =>
  moments.flatMap((moment): Heard[] => {
    if (moment.kind !== 'end' || !writers.has(moment.call)) return [moment];
    const bytes = moment.result.value ?? 0;
    const stream = streamAt(moment.texts[0] ?? '');
    if (!stream || bytes <= 0) return [moment];
    return [moment, { at: moment.at, pid, what: () => wrote(stream, bytes) }];
  });

/** Moments that come together, and what was printed between them; at least one list of moments, though it be empty. */
export const apart = (all: readonly Heard[]): readonly (readonly Moment[] | PrintedThen)[] => {
  let moments: Moment[] = [];
  const parts: (Moment[] | PrintedThen)[] = [moments];
  for (const heard of all) {
    if ('what' in heard) {
      moments = [];
      parts.push(heard, moments);
    } else moments.push(heard);
  }
  return parts;
};
