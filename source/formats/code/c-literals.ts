import { type Bytes, byteLength } from '../../core/bytes/bytes.ts';

const escapes: Readonly<Record<number, string>> = {
  9: '\\t',
  10: '\\n',
  13: '\\r',
  34: '\\"',
  // Two of them and a third character are a trigraph (C17 5.2.1.1).
  63: '\\?',
  92: '\\\\',
};

/** Three octal digits end by themselves; of hexadecimal ones C takes as many as follow (C17 6.4.4.4). */
const escapeByte = (character: string): string => {
  const byte = character.charCodeAt(0);
  return escapes[byte] ?? `\\${byte.toString(8).padStart(3, '0')}`;
};

/** Characters of a literal that stand in one line. */
const lineLength = 72;

/** Bytes as C's string literal; several behind each other where it is long. */
export const cBytes = (data: Uint8Array): string => {
  const text = Buffer.from(data).toString('latin1');
  const parts = text.match(new RegExp(`[\\s\\S]{1,${lineLength}}`, 'g')) ?? [''];
  return parts.map(part => `"${part.replace(/[^ !#->@-[\]-~]/g, escapeByte)}"`).join('\n        ');
};

export const cText = (text: string): string => cBytes(new TextEncoder().encode(text));

/** Words in a comment: nothing there may end it, begin another, or be a trigraph. */
export const cComment = (words: string): string =>
  `/* ${words.replace(/\*\//g, '* /').replace(/\/\*/g, '/ *').replace(/\?\?/g, '? ?')} */`;

/** A call's bytes: lines that make them where they are no literal, the two expressions for them, and lines behind the call. */
export type CData = {
  readonly before: readonly string[];
  readonly data: string;
  readonly size: string;
  readonly after: readonly string[];
};

const made = (expression: string, size: string): CData => ({
  before: [`size_t size = ${size};`, `char *data = ${expression};`],
  data: 'data',
  size: 'size',
  after: ['free(data);'],
});

export const cData = (bytes: Bytes): CData => {
  switch (bytes.kind) {
    case 'literal':
      return { before: [], data: cBytes(bytes.data), size: String(bytes.data.length), after: [] };
    case 'repeat':
      return made(`repeated(${cBytes(bytes.unit)}, ${bytes.unit.length}, size)`, String(byteLength(bytes)));
    case 'file':
      return {
        before: ['size_t size;', `char *data = contents(${cText(bytes.path)}, &size);`],
        data: 'data',
        size: 'size',
        after: ['free(data);'],
      };
    case 'composed':
    case 'dropped':
      return made('repeated("?", 1, size)'.replace('?', '\\?'), String(bytes.size));
  }
};
