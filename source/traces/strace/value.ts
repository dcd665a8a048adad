import { unescapeBytes } from './unescape.ts';

/**
 * An argument or a part of one, as strace writes it.
 *
 * - `number`: `8192`, `-1`, `0x7ffc`, `020`. `word`: flags, NULL, an expression: as it stands
 * - `text`: a string's bytes; `cut`: more was there than strace prints. `abstract`: `@"name"`
 * - `descriptor`: `3<socket:[71963]>`, with what it leads to
 * - `list`: `[a, b]`, a set of descriptors too (`[3 4]`). `struct`: `{name=value}`, what has no name under its place
 * - `made`: `htons(80)`. `change`: `[128 => 16]`, what went in and what came out
 */
export type Value =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'word'; readonly word: string }
  | {
      readonly kind: 'text';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly cut: boolean;
      readonly abstract: boolean;
    }
  | { readonly kind: 'descriptor'; readonly fd: number; readonly target: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, Value> }
  | { readonly kind: 'made'; readonly by: string; readonly from: readonly Value[] }
  | { readonly kind: 'change'; readonly before: Value; readonly after: Value };

/** A text and how far it has been read. */
type Cursor = { readonly text: string; at: number };

/** Deeper than any structure of the kernel; what lies deeper in a broken line is a word. */
const deepest = 16;

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };

const isNumber = /^-?(?:0x[0-9a-f]+|\d+)$/;

const numberOf = (word: string): number => {
  if (word.startsWith('-')) return -numberOf(word.slice(1));
  return /^0\d/.test(word) ? Number.parseInt(word, 8) : Number(word);
};

const quoted = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;

/** The end of a quoted string: behind its closing quote, or of the text where it has none. */
export const stringEnd = (text: string, from: number): number => {
  quoted.lastIndex = from;
  return quoted.test(text) ? quoted.lastIndex : text.length;
};

const behindAnnotation = new Set([',', ')', ']', '}', ' ', '>', '.', undefined]);

/** The end of `<...>` behind a descriptor. It may have another inside, and arrows between two addresses. */
export const annotationEnd = (text: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    // A quoted name in an annotation stands behind a comma or an at sign; a quote in a path is just one of its letters.
    if (text[at] === '"' && /[,@]/.test(text[at - 1]!)) at = stringEnd(text, at) - 1;
    else if (text[at] === '<') depth++;
    else if (text[at] === '>' && (text[at - 1] !== '-' || behindAnnotation.has(text[at + 1]))) {
      if (--depth === 0) return at + 1;
    }
  }
  return text.length;
};

/** Whether `<` at this place stands behind a descriptor, and not in `1<<3`. */
export const annotates = (text: string, at: number): boolean =>
  text[at] === '<' && /[\dD]/.test(text[at - 1] ?? '') && text[at + 1] !== '<';

const skipSpaces = (cursor: Cursor): void => {
  while (cursor.text[cursor.at] === ' ') cursor.at++;
};

const readText = (cursor: Cursor, abstract: boolean): Value => {
  const { text, at } = cursor;
  const end = stringEnd(text, at);
  const whole = end > at + 1 && text[end - 1] === '"';
  cursor.at = end;
  const more = text.startsWith('...', end);
  if (more) cursor.at += 3;
  const bytes = unescapeBytes(text.slice(at + 1, whole ? end - 1 : end));
  return { kind: 'text', bytes, cut: more || !whole, abstract };
};

const plainWord = /[^, )\]}"[{(<]*/y;

const readWord = (cursor: Cursor): Value => {
  const { text } = cursor;
  const from = cursor.at;
  for (;;) {
    plainWord.lastIndex = cursor.at;
    plainWord.test(text);
    cursor.at = plainWord.lastIndex;
    // A shift, as in 1<<3, is part of a word.
    if (text[cursor.at] !== '<' || annotates(text, cursor.at)) break;
    cursor.at++;
  }
  const word = text.slice(from, cursor.at);
  if (annotates(text, cursor.at)) {
    const end = annotationEnd(text, cursor.at);
    const target = text.slice(cursor.at + 1, end - 1);
    cursor.at = end;
    return isNumber.test(word) ? { kind: 'descriptor', fd: numberOf(word), target } : { kind: 'word', word };
  }
  return isNumber.test(word) ? { kind: 'number', number: numberOf(word) } : { kind: 'word', word };
};

/** Everything up to the bracket that closes; items stand behind commas, those of a set of descriptors behind spaces. */
const readItems = (cursor: Cursor, depth: number, each: (cursor: Cursor, depth: number) => void): void => {
  const { text } = cursor;
  const close = closing[text[cursor.at]!]!;
  cursor.at++;
  for (;;) {
    while (text[cursor.at] === ' ' || text[cursor.at] === ',') cursor.at++;
    if (cursor.at >= text.length) return;
    if (text[cursor.at] === close) {
      cursor.at++;
      return;
    }
    const from = cursor.at;
    each(cursor, depth + 1);
    if (cursor.at === from) cursor.at++;
  }
};

const readList = (cursor: Cursor, depth: number): Value[] => {
  const items: Value[] = [];
  readItems(cursor, depth, (inner, at) => {
    items.push(readValue(inner, at));
  });
  return items;
};

const fieldName = /[a-z_][\w.[\]]*=/iy;

const readStruct = (cursor: Cursor, depth: number): Value => {
  const fields = new Map<string, Value>();
  readItems(cursor, depth, (inner, at) => {
    fieldName.lastIndex = inner.at;
    const name = fieldName.exec(inner.text)?.[0];
    if (name) inner.at += name.length;
    fields.set(name ? name.slice(0, -1) : String(fields.size), readValue(inner, at));
  });
  return { kind: 'struct', fields };
};

const readPlain = (cursor: Cursor, depth: number): Value => {
  const { text, at } = cursor;
  if (depth > deepest) {
    cursor.at = text.length;
    return { kind: 'word', word: text.slice(at) };
  }
  switch (text[at]) {
    case '"':
      return readText(cursor, false);
    case '[':
      return { kind: 'list', items: readList(cursor, depth) };
    case '{':
      return readStruct(cursor, depth);
    case '@':
      if (text[at + 1] !== '"') break;
      cursor.at++;
      return readText(cursor, true);
  }
  const word = readWord(cursor);
  if (text[cursor.at] !== '(' || word.kind !== 'word') return word;
  return { kind: 'made', by: word.word, from: readList(cursor, depth) };
};

const arrow = ' => ';

/** One value, up to the comma or bracket behind it. Never throws: what is not understood is a word. */
const readValue = (cursor: Cursor, depth: number): Value => {
  skipSpaces(cursor);
  const value = readPlain(cursor, depth);
  if (!cursor.text.startsWith(arrow, cursor.at)) return value;
  cursor.at += arrow.length;
  return { kind: 'change', before: value, after: readValue(cursor, depth + 1) };
};

/** A single argument. */
export const parseValue = (text: string): Value => readValue({ text, at: 0 }, 0);

export const field = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === 'struct' ? value.fields.get(name) : undefined;

/** The number that a value is, or became; null where it is none. */
export const numberIn = (value: Value | undefined): number | null => {
  switch (value?.kind) {
    case 'number':
      return value.number;
    case 'descriptor':
      return value.fd;
    case 'change':
      return numberIn(value.after);
    case 'list':
      return value.items.length === 1 ? numberIn(value.items[0]) : null;
    case 'made':
      return numberIn(value.from[0]);
    default:
      return null;
  }
};

/** Flags as they stand between bars; none where it is no word. */
export const flagsIn = (value: Value | undefined): readonly string[] =>
  value?.kind === 'word' ? value.word.split('|') : [];

/** All descriptors that stand in it. */
export const descriptorsIn = (value: Value): readonly Extract<Value, { kind: 'descriptor' }>[] => {
  switch (value.kind) {
    case 'descriptor':
      return [value];
    case 'list':
      return value.items.flatMap(descriptorsIn);
    case 'struct':
      return [...value.fields.values()].flatMap(descriptorsIn);
    case 'change':
      return [value.before, value.after].flatMap(descriptorsIn);
    default:
      return [];
  }
};
