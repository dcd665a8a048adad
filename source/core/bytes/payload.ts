import { type Parsed, parsed } from '../language/parsed.ts';
import { readEscapes } from './escapes.ts';
import { escapeByte, escapeCodePoint, isPrintable, joinedWith, mostJoined } from './printable.ts';

export { safeText } from './printable.ts';

/** Text of bytes, and how many of the bytes it stands for: fewer than there are where a limit cut it. */
export type Shown = { readonly text: string; readonly shown: number };

const quote = 0x22;
const backslash = 0x5c;

/** What each byte below 0x80 looks like. NUL depends on what follows it. */
const ascii = Array.from({ length: 128 }, (_, byte) => {
  if (byte === backslash) return '\\\\';
  return isPrintable(byte) ? String.fromCharCode(byte) : escapeByte(byte);
});

/** The same between quotes. */
const quotedAscii = ascii.map((text, byte) => (byte === quote ? '\\"' : text));

const continues = (byte: number | undefined): byte is number => byte !== undefined && (byte & 0xc0) === 0x80;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/**
 * The code point that begins at `at`, or -1 where these bytes are no UTF-8: overlong forms, surrogates and what is
 * beyond U+10FFFF are none (RFC 3629, section 4).
 */
const decodeAt = (bytes: Uint8Array, at: number): number => {
  const [a, b, c, d] = [bytes[at]!, bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (a < 0xc2 || a > 0xf4 || !continues(b)) return -1;
  if (a < 0xe0) return ((a & 0x1f) << 6) | (b & 0x3f);
  if (!continues(c)) return -1;
  if (a < 0xf0) {
    const point = ((a & 0x0f) << 12) | ((b & 0x3f) << 6) | (c & 0x3f);
    return point < 0x800 || (point >= 0xd800 && point <= 0xdfff) ? -1 : point;
  }
  if (!continues(d)) return -1;
  const point = ((a & 0x07) << 18) | ((b & 0x3f) << 12) | ((c & 0x3f) << 6) | (d & 0x3f);
  return point < 0x10000 || point > 0x10ffff ? -1 : point;
};

const utf8Length = (point: number): number =>
  point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

/**
 * Bytes as text with escapes, without quotes. Printable UTF-8 is kept; controls, format characters and broken UTF-8
 * are escaped, so that parseEscapes(text) gives the same bytes and no control reaches a terminal. Stops before the
 * text would be longer than `limit` characters: only what is shown is decoded.
 */
export const escapeBytes = (bytes: Uint8Array, limit = Number.POSITIVE_INFINITY, table = ascii): Shown => {
  let text = '';
  let at = 0;
  let joined = mostJoined;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    let piece: string;
    let length = 1;
    if (byte < 0x80) {
      piece = byte === 0 && !isDigit(bytes[at + 1]) ? '\\0' : table[byte]!;
      joined = 0;
    } else {
      const point = decodeAt(bytes, at);
      if (point >= 0) length = utf8Length(point);
      if (point < 0) piece = escapeByte(byte);
      else piece = isPrintable(point, joined) ? String.fromCodePoint(point) : escapeCodePoint(point);
      joined = point < 0 ? 0 : joinedWith(point, joined);
    }
    if (text.length + piece.length > limit) break;
    text += piece;
    at += length;
  }
  return { text, shown: at };
};

/** Bytes in quotes; `"GET /"...` where the limit cut them, as strace has it. */
export const quoteBytes = (bytes: Uint8Array, limit?: number): string => {
  const { text, shown } = escapeBytes(bytes, limit, quotedAscii);
  return `"${text}"${shown < bytes.length ? '...' : ''}`;
};

const encoder = new TextEncoder();

/** Text as it stands, in UTF-8, with nothing read as an escape: what was pasted. Lone surrogates become U+FFFD. */
export const encodeText = (text: string): Uint8Array => encoder.encode(text);

/**
 * Text with escapes (no quotes around it) as bytes: characters in UTF-8, `\xff` as that byte. A malformed escape is
 * refused at its column.
 */
export const parseEscapes = (text: string): Parsed<Uint8Array> => {
  // Escapes are longer than the bytes they mean; what is plain may need up to three bytes a UTF-16 unit.
  let bytes = new Uint8Array(text.length + 8);
  let length = 0;
  const reserve = (count: number) => {
    if (length + count <= bytes.length) return;
    const larger = new Uint8Array(2 * (length + count));
    larger.set(bytes);
    bytes = larger;
  };
  const plain = (run: string) => {
    reserve(run.length * 3);
    length += encoder.encodeInto(run, bytes.subarray(length)).written;
  };
  const byte = (value: number) => {
    reserve(1);
    bytes[length++] = value;
  };
  const point = (value: number) => (value < 0x80 ? byte(value) : plain(String.fromCodePoint(value)));
  const result = readEscapes(text, { plain, byte, point, surrogates: false });
  return result.ok ? parsed(bytes.slice(0, length)) : result;
};

/** A string in quotes, so that parseQuotedText reads it back: for names and other text that are not bytes. */
export const quoteText = (text: string): string => {
  let out = '';
  let joined = mostJoined;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) out += point === 0 ? '\\x00' : quotedAscii[point]!;
    else out += isPrintable(point, joined) ? character : escapeCodePoint(point);
    joined = joinedWith(point, joined);
  }
  return `"${out}"`;
};

/** Text with escapes (no quotes around it) as a string: `\xff` is U+00FF, as in a Python str. */
export const parseTextEscapes = (text: string): Parsed<string> => {
  let out = '';
  const result = readEscapes(text, {
    plain: run => {
      out += run;
    },
    byte: value => {
      out += String.fromCodePoint(value);
    },
    point: value => {
      out += String.fromCodePoint(value);
    },
    surrogates: true,
  });
  return result.ok ? parsed(out) : result;
};
