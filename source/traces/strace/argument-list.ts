import { annotates, annotationEnd, stringEnd } from './value.ts';

/**
 * The arguments of a call, as texts. `end` stands behind the bracket that closes them: -1 where the text ends before, as that of
 * a call in flight does; the last of `texts` is then what stood there last.
 */
export type Arguments = { readonly texts: readonly string[]; readonly end: number };

/** Steps over what belongs together: a string, an annotation. Answers the last place of it. */
const stepOver = (text: string, at: number): number => {
  if (text[at] === '"') return stringEnd(text, at) - 1;
  if (annotates(text, at)) return annotationEnd(text, at) - 1;
  // A comment: `0x7ffc6b9731a0 /* 39 vars */`.
  if (text.startsWith('/*', at)) return Math.max(at, text.indexOf('*/', at));
  return at;
};

/** Where anything may begin, end or stand between two. */
const mark = /[()[\]{},"<]|\/\*/g;

/** Splits what stands behind the bracket that opens a call's arguments. */
export const splitArguments = (text: string, from: number): Arguments => {
  const texts: string[] = [];
  let depth = 0;
  let start = from;
  const take = (end: number) => {
    const one = text.slice(start, end).trim();
    if (one !== '') texts.push(one);
  };
  mark.lastIndex = from;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const at = found.index;
    switch (found[0]) {
      case '[':
      case '{':
      case '(':
        depth++;
        break;
      case ')':
        if (depth === 0) {
          take(at);
          return { texts, end: at + 1 };
        }
        depth--;
        break;
      case ']':
      case '}':
        if (depth > 0) depth--;
        break;
      case ',':
        if (depth > 0) break;
        take(at);
        start = at + 1;
        break;
      default:
        mark.lastIndex = Math.max(at, stepOver(text, at)) + 1;
    }
  }
  take(text.length);
  return { texts, end: -1 };
};

/** Whether nothing is open in it: neither string, nor annotation, nor bracket. A number may still have more digits to come. */
export const isWhole = (text: string): boolean => {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if ('[{('.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '"') {
      at = stringEnd(text, at) - 1;
      if (text[at] !== '"' || depth < 0) return false;
    } else if (annotates(text, at)) {
      at = annotationEnd(text, at) - 1;
      if (text[at] !== '>') return false;
    }
  }
  return depth === 0;
};
