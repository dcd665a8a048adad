import { type Parsed, parsed, refused } from '../language/parsed.ts';
import { t } from '../words/translate.ts';

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `01 03 ff`; at most `limit` bytes. */
export const formatHex = (bytes: Uint8Array, limit = Number.POSITIVE_INFINITY): string => {
  const count = Math.min(bytes.length, limit);
  let text = '';
  for (let i = 0; i < count; i++) text += i === 0 ? pairs[bytes[i]!]! : ` ${pairs[bytes[i]!]!}`;
  return text;
};

/** Hex digits in pairs, with any blanks between the pairs: `01 03`, `0103`. */
export const parseHex = (text: string): Parsed<Uint8Array> => {
  const bytes: number[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const pair = text.slice(at, at + 2);
    const bad = pair.search(/[^0-9a-fA-F]/);
    if (pair.length < 2 || (bad === 1 && /\s/.test(pair[1]!))) {
      return refused(t`"${character}" is half a byte: write two digits, 0${character}`, at, 1);
    }
    if (bad >= 0) {
      const found = String.fromCodePoint(text.codePointAt(at + bad)!);
      return refused(
        t`"${found}" is no hex digit: write 0-9 and a-f in pairs, as in 01 ff`,
        at + bad,
        found.length,
      );
    }
    bytes.push(Number.parseInt(pair, 16));
    at += 2;
  }
  return parsed(Uint8Array.from(bytes));
};

/** One row of a hex dump: `offset` in 8 hex digits, `hex` padded to 48 columns, `text` with `.` for what is no ASCII. */
export type HexRow = { readonly offset: string; readonly hex: string; readonly text: string };

const hexRowBytes = 16;

/** Rows `first` to `first + count - 1` of the dump of `bytes`, 16 bytes a row: only those are made. */
export const hexRows = (bytes: Uint8Array, first = 0, count = Number.POSITIVE_INFINITY): HexRow[] => {
  const last = Math.min(Math.ceil(bytes.length / hexRowBytes), first + count);
  const rows: HexRow[] = [];
  for (let row = Math.max(0, first); row < last; row++) {
    const start = row * hexRowBytes;
    const part = bytes.subarray(start, start + hexRowBytes);
    const left = formatHex(part.subarray(0, 8));
    const right = formatHex(part.subarray(8));
    const text = Array.from(part, byte =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    ).join('');
    const offset = start.toString(16).padStart(8, '0');
    rows.push({ offset, hex: `${left.padEnd(23)}  ${right.padEnd(23)}`, text });
  }
  return rows;
};
