import { formatHex, parseHex } from '../bytes/hex.ts';
import { parseEscapes, parseTextEscapes, quoteBytes } from '../bytes/payload.ts';
import { t } from '../words/translate.ts';
import { formatValue, isMarkName, type Piece, readValue } from './message-values.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';

/** Where the next value begins, or -1. A backslash hides the character behind it, so that `\\{` is none. */
const nextValue = (text: string, from: number): number => {
  for (let at = text.indexOf('\\', from); at >= 0; at = text.indexOf('\\', at + 2))
    if (text[at + 1] === '{') return at;
  return -1;
};

/** What stands between the braces, which begin at `column`. */
const inBraces = (text: string, column: number): Parsed<Piece> => {
  if (!text.startsWith('@')) {
    const value = readValue(text, column + 2);
    return value.ok ? parsed({ kind: 'value', value: value.value, column }) : value;
  }
  const name = text.slice(1);
  if (isMarkName(name)) return parsed({ kind: 'mark', name, column });
  return refused(t`@${name} is no mark: write a small letter, then letters and digits, as in \\{@a}`, column);
};

/**
 * A text in which `\{...}` stands for values and marks; `read` has the bytes of what stands between. Such an escape was
 * refused always, so that no text means something else than before.
 */
const readPieces = (text: string, read: (part: string) => Parsed<Uint8Array>): Parsed<Piece[]> => {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; ) {
    const next = nextValue(text, at);
    if (next !== at) {
      const data = shifted(read(text.slice(at, next < 0 ? undefined : next)), at);
      if (!data.ok) return data;
      pieces.push({ kind: 'bytes', data: data.value });
    }
    if (next < 0) break;
    const end = text.indexOf('}', next);
    if (end < 0) return refused(t('the { opened here is not closed'), next, 2);
    const piece = inBraces(text.slice(next + 2, end), next);
    if (!piece.ok) return piece;
    pieces.push(piece.value);
    at = end + 1;
  }
  return parsed(pieces);
};

/** Text with escapes, and values in it. */
export const readMessageText = (text: string): Parsed<Piece[]> => readPieces(text, parseEscapes);

/** Hex digits in pairs, and values between them. */
export const readMessageHex = (text: string): Parsed<Piece[]> => readPieces(text, parseHex);

/** The same between quotes, where escapes are read first. */
export const readQuotedHex = (text: string): Parsed<Piece[]> =>
  readPieces(text, part => {
    const digits = parseTextEscapes(part);
    return digits.ok ? parseHex(digits.value) : digits;
  });

/** As it is written between quotes, to be read back. */
export const formatPieces = (pieces: readonly Piece[], notation: 'text' | 'hex'): string =>
  pieces
    .map(piece => {
      if (piece.kind === 'mark') return `\\{@${piece.name}}`;
      if (piece.kind === 'value') return `\\{${formatValue(piece.value)}}`;
      return notation === 'hex' ? formatHex(piece.data) : quoteBytes(piece.data).slice(1, -1);
    })
    .join(notation === 'hex' ? ' ' : '');
