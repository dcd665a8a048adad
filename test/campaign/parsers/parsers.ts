import { type Campaign, eachInput } from '../campaign.ts';
import { judge } from './judge.ts';
import { languageSubjects } from './language.ts';
import type { Subject } from './subject.ts';
import { mangled } from './texts.ts';

const subjects: readonly Subject[] = [...languageSubjects];

const shown = (text: string): string =>
  JSON.stringify(text.length > 400 ? `${text.slice(0, 300)}...${text.slice(-80)}` : text);

/** Whatever is read, the reader answers: with a value, or with a sentence that refuses it. */
export const parsers: Campaign = {
  name: 'parsers',
  is: 'what others wrote is read, or refused in a sentence, within 100 ms',
  small: 3_000,
  full: 1_000_000,
  run: eachInput(input => {
    const subject = input.chance.one(subjects);
    const text = mangled(input.chance, subject.examples);
    try {
      judge(input, () => subject.read(text));
    } catch (error) {
      throw new Error(`${subject.name}, ${shown(text)}`, { cause: error });
    }
  }),
};
