import type { Chance } from '../../support/chance.ts';
import type { Answer } from './judge.ts';
import { mangled } from './texts.ts';

type Read = () => Answer | undefined | Promise<Answer | undefined>;

/** A reader of what others have written. `share`: how many of its inputs there are to one of the slowest reader's. */
export type Subject = {
  readonly name: string;
  readonly share: number;
  /** An input, as a failure shows it, and what reads it. */
  readonly input: (chance: Chance) => { readonly shown: string; readonly read: Read };
};

/** What no text of the examples has, but a text that is spoiled. */
export const ofTexts = (
  name: string,
  share: number,
  examples: readonly string[],
  read: (text: string) => ReturnType<Read>,
  longest?: number,
): Subject => ({
  name,
  share,
  input: chance => {
    const text = mangled(chance, examples, longest);
    return { shown: text, read: () => read(text) };
  },
});
