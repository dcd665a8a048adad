import type { Position } from '../../labs/lab-session.ts';
import { changeProgress, type Progress, type ReadProgress, readProgress } from '../../settings/progress.ts';

/** What is kept between runs of how far a person has come in the course. */
export type ProgressKeeper = {
  readonly read: () => Promise<ReadProgress>;
  /** Where a lab of the course stands, null at its end. Resolves once it is kept; answers what there is to say, or ''. */
  readonly keep: (lab: string, at: Position | null) => Promise<string>;
};

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
    read: () => inTurn(() => readProgress(file)),
    keep: (lab, at) =>
      inTurn(async () => (await changeProgress(file, progress => changed(progress, lab, at))).said),
  };
};

/** Keeps nothing. */
export const noProgress: ProgressKeeper = {
  read: async () => ({ progress: { done: {}, at: null }, trouble: '' }),
  keep: async () => '',
};
