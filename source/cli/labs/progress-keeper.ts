import type { Position } from '../../labs/lab-session.ts';
import type { Progress, ReadProgress } from '../../settings/progress.ts';

/** What is kept between runs of how far a person has come in the course. */
export type ProgressKeeper = {
  readonly read: () => Promise<ReadProgress>;
  /** Where a lab of the course stands, null at its end. Resolves once it is kept; answers what there is to say, or ''. */
  readonly keep: (lab: string, at: Position | null) => Promise<string>;
  /** Resolves once what was to be kept so far is. */
  readonly settled: () => Promise<unknown>;
};

/** What knows the file's form is loaded with the first lab, not with the workbench. */
const loaded = () => import('../../settings/progress.ts');

const changed = (progress: Progress, lab: string, at: Position | null): Progress => {
  if (at) return { ...progress, at: { lab, ...at } };
  const done = { ...progress.done, [lab]: new Date().toISOString() };
  return { done, at: progress.at?.lab === lab ? null : progress.at };
};

/** One change after the other: each reads what is there by then. */
export const createProgressKeeper = (file: string): ProgressKeeper => {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done;
    return done;
  };
  return {
    read: () => inTurn(async () => (await loaded()).readProgress(file)),
    keep: (lab, at) =>
      inTurn(async () => {
        const { changeProgress } = await loaded();
        return (await changeProgress(file, progress => changed(progress, lab, at))).said;
      }),
    settled: () => last,
  };
};

/** Keeps nothing. */
export const noProgress: ProgressKeeper = {
  read: async () => ({ progress: { done: {}, at: null }, trouble: '' }),
  keep: async () => '',
  settled: async () => {},
};
