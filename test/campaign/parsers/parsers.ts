import { type Campaign, eachInput } from '../campaign.ts';
import { argv } from './argv.ts';
import { certificateSubjects } from './certificates.ts';
import { expressions } from './expressions.ts';
import { fileSubjects } from './files.ts';
import { judge } from './judge.ts';
import { languageSubjects } from './language.ts';
import { machineSubjects } from './machine.ts';
import type { Subject } from './subject.ts';

const subjects: readonly Subject[] = [
  ...languageSubjects,
  argv,
  expressions,
  ...fileSubjects,
  ...machineSubjects,
  ...certificateSubjects,
];

/** Each as often as its share is. */
const drawn = subjects.flatMap(subject => Array.from({ length: subject.share }, () => subject));

const cut = (text: string): string =>
  text.length > 1_000 ? `${text.slice(0, 700)}...${text.slice(-200)}` : text;

/** Whatever is read, the reader answers: with a value, or with a sentence that refuses it. */
export const parsers: Campaign = {
  name: 'parsers',
  is: 'what others wrote is read, or refused in a sentence, within 100 ms',
  small: 3_000,
  full: 1_000_000,
  share: 1.5,
  run: eachInput(async input => {
    const subject = input.chance.one(drawn);
    const { shown, read } = subject.input(input.chance);
    try {
      await judge(input, read);
    } catch (error) {
      throw new Error(`${subject.name}, ${JSON.stringify(cut(shown))}`, { cause: error });
    }
  }),
};
