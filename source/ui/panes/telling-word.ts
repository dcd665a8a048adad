import { safeText } from '../../core/bytes/payload.ts';
import type { ProcessState } from '../../core/model/process.ts';
import { cut, widthOf } from '../parts/styled-line.ts';

/** Columns that a word may take in a title. */
const longest = 20;

/** Words that an argument is told apart by; a program in an argument, as behind python3 -c, is none. */
const wordsOf = ({ args }: ProcessState): readonly string[] => {
  const [title = '', ...rest] = args;
  // A title in place of the arguments is one word with spaces: `nginx: worker process`.
  const words = rest.length === 0 ? title.split(' ').slice(1) : rest;
  return words.filter(word => word !== '' && !word.startsWith('-') && !/\s/.test(word));
};

/** The last part of a path, which says most of it: a script's name. */
const shortened = (word: string): string => {
  const name = safeText(word.replace(/\/+$/, '').split('/').at(-1) ?? '');
  return widthOf(name) > longest ? cut(name, longest) : name;
};

/** What tells a process from others of its name: the first word of its arguments that not all of them have; '' for none. */
export const tellingWord = (process: ProcessState, all: Iterable<ProcessState>): string => {
  const others = [...all].filter(other => other !== process && other.name === process.name && !other.ended);
  if (others.length === 0) return '';
  const lists = others.map(wordsOf);
  const word = wordsOf(process).find(each => !lists.every(list => list.includes(each)));
  return word === undefined ? '' : shortened(word);
};
