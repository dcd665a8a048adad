import { latePattern } from './late.ts';

/**
 * Characters that are shown escaped: controls (Cc), format characters and bidi controls (Cf), separators that end a
 * line (Zl, Zp), spaces that pass for another (Zs but for the plain and the ideographic one), surrogates, private
 * and unassigned ones, and whatever a terminal may draw in no column at all (Unicode's Default_Ignorable).
 */
const hiddenSource = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]|(?![ \u3000])\p{Zs}`;

const hidden = latePattern(hiddenSource);

/** What joins the character before it, in its cell: marks, and the vowels and ends of Hangul syllables, which wcwidth(3) gives no column. */
const joining = '\\p{M}\\u1160-\\u11ff\\ud7b0-\\ud7ff';
const joins = latePattern(`[${joining}]`);

/**
 * So many join one character: no script needs more (a Tibetan stack has six, and Unicode's own bound of 30, UAX 15, is one for
 * buffers), and a cell of thousands takes a terminal's time and memory, and the rows above it.
 */
export const mostJoined = 8;

/**
 * Whether a code point can go to a terminal as it is, `joined` of them having joined what stands before it. At the start of
 * a text none may: that would be somebody else's quote or frame.
 */
export const isPrintable = (codePoint: number, joined = 0): boolean => {
  if (codePoint < 0xa0) return codePoint >= 0x20 && codePoint < 0x7f;
  const character = String.fromCodePoint(codePoint);
  return !hidden().test(character) && !(joined >= mostJoined && joins().test(character));
};

/** How many have joined the character once this one stands behind `joined` of them. */
export const joinedWith = (codePoint: number, joined: number): number =>
  codePoint >= 0x300 && joins().test(String.fromCodePoint(codePoint)) ? joined + 1 : 0;

/** The code point as an escape without backslash ambiguity: `\u{202e}`. */
export const escapeCodePoint = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`;

const named: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' };

/** A byte below 0x80 that is not printable, or any byte of broken UTF-8: `\n`, `\x1b`, `\xff`. */
export const escapeByte = (byte: number): string => named[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;

const plainAscii = /^[\x20-\x7e]*$/;

/**
 * A foreign string (a peer's, an error's, a file name) made safe to print on one line: what could move a cursor,
 * reverse the text or hide is shown escaped. For reading only: backslashes stay single, so it does not parse back.
 */
export const safeText = (text: string): string => {
  if (plainAscii.test(text)) return text;
  let out = '';
  let joined = mostJoined;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (isPrintable(point, joined)) out += character;
    else out += point < 0x80 ? escapeByte(point) : escapeCodePoint(point);
    joined = joinedWith(point, joined);
  }
  return out;
};

const plainLines = /^[\x20-\x7e\n]*$/;

/** The same for text of several lines: newlines stay, and a mark may begin none of them. */
export const safeLines = (text: string): string =>
  plainLines.test(text) ? text : text.split('\n').map(safeText).join('\n');

/** Marks behind a quote would join it, and more than a cell holds. */
const unsafeInJson = latePattern(
  `(?!\\n)(?:${hiddenSource}|(?<="|[${joining}]{${mostJoined}})[${joining}])`,
  'gu',
);

const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;

/** A character's escape is made once: a peer may send megabytes of one. */
const escapesInJson = new Map<string, string>();

/** Both halves of what is beyond the 16 bits of an escape in JSON (RFC 8259, 7). */
const escapeUnits = (character: string): string => {
  const known = escapesInJson.get(character);
  if (known !== undefined) return known;
  const made = unit(character.charCodeAt(0)) + (character.length > 1 ? unit(character.charCodeAt(1)) : '');
  if (escapesInJson.size < 5_000) escapesInJson.set(character, made);
  return made;
};

/** JSON text whose bytes no terminal obeys: what is not printable stands as an escape and parses to the same value. */
export const safeJson = (json: string): string =>
  plainLines.test(json) ? json : json.replace(unsafeInJson(), escapeUnits);
