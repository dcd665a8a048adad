import type { Answer } from './judge.ts';

/** A reader of texts that others have written, and texts that it reads, which are spoiled. */
export type Subject = {
  readonly name: string;
  readonly examples: readonly string[];
  readonly read: (text: string) => Answer | undefined;
};
