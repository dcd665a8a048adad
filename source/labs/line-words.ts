import { closingQuote } from '../core/bytes/quoted.ts';
import { beginsPattern, patternEnd } from '../core/language/pattern-end.ts';

/** Where ` => ` stands outside quotes, or -1. */
const arrowAt = (text: string): number => {
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"' || character === "'") {
      const end = closingQuote(text, at);
      if (end < 0) return -1;
      at = end;
    } else if (character === '#' && (at === 0 || /\s/.test(text[at - 1]!))) return -1;
    else if (text.startsWith('=>', at)) return at;
  }
  return -1;
};

/** A text and its comment, from # on; a # in quotes or in a regular expression begins none. */
export const splitComment = (text: string): { readonly text: string; readonly comment: string } => {
  const before = withoutComment(text);
  return { text: before.trim(), comment: text.slice(before.length).trim() };
};

const withoutComment = (text: string): string => {
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    const quoted = character === '"' || character === "'" ? closingQuote(text, at) : -1;
    if (quoted >= 0) at = quoted;
    else if (beginsPattern(text, at)) at = Math.max(at, patternEnd(text, at) - 1);
    else if (character === '#' && (at === 0 || /\s/.test(text[at - 1]!))) return text.slice(0, at);
  }
  return text;
};

const claim = /^(?:repeat\s+\d+\s+(?:every\s+\S+\s+)?)?expect\b\s*/;

/**
 * A line cut before what it expects; quotes keep their `=>`. Of an `expect` line only the value it looks at comes
 * before: `expect c1.state`.
 */
export const splitExpectation = (text: string): { call: string; expectation: string } => {
  const trimmed = text.trim();
  const [head] = claim.exec(trimmed) ?? [];
  if (head !== undefined) {
    const rest = trimmed.slice(head.length);
    const [property = ''] = /^(?:[a-z]\d+(?:\.\d+[a-z]*)?\.[\w-]+|p\d+ prints)(?=\s)/.exec(rest) ?? [];
    const call = `${head.trimEnd()}${property === '' ? '' : ` ${property}`}`;
    return { call, expectation: rest.slice(property.length).trimStart() };
  }
  const at = arrowAt(trimmed);
  if (at < 0) return { call: trimmed, expectation: '' };
  return { call: trimmed.slice(0, at).trimEnd(), expectation: trimmed.slice(at) };
};

/** What a line expects, without its comment; '' for nothing: what stands behind `=>`, or behind `expect`. */
export const expectationText = (text: string): string => {
  const trimmed = withoutComment(text).trim();
  const [head] = claim.exec(trimmed) ?? [];
  if (head !== undefined) return trimmed.slice(head.length);
  const at = arrowAt(trimmed);
  return at < 0 ? '' : trimmed.slice(at + 2).trim();
};
