/**
 * Characters that are shown escaped: controls (Cc), format characters and bidi controls (Cf), separators that end a
 * line (Zl, Zp), spaces that pass for another (Zs but for the plain and the ideographic one), surrogates, private
 * and unassigned ones, and whatever a terminal may draw in no column at all (Unicode's Default_Ignorable).
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]|(?![ \u3000])\p{Zs}/u;

/** A mark joins what stands before it: at the start of a text that would be somebody else's quote or frame. */
const mark = /\p{M}/u;

/** Whether a code point can go to a terminal as it is. */
export const isPrintable = (codePoint: number, first = false): boolean => {
  if (codePoint < 0x7f) return codePoint >= 0x20;
  const character = String.fromCodePoint(codePoint);
  return !hidden.test(character) && !(first && mark.test(character));
};

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
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (isPrintable(point, out === '')) out += character;
    else out += point < 0x80 ? escapeByte(point) : escapeCodePoint(point);
  }
  return out;
};

const plainLines = /^[\x20-\x7e\n]*$/;

/** The same for text of several lines: newlines stay, and a mark may begin none of them. */
export const safeLines = (text: string): string =>
  plainLines.test(text) ? text : text.split('\n').map(safeText).join('\n');

/** Marks behind a quote would join it. Made when it is first needed: Unicode's classes take milliseconds. */
let unsafeInJson: RegExp | undefined;

const findUnsafe = (): RegExp => {
  unsafeInJson ??= new RegExp(`(?!\\n)(?:${hidden.source}|(?<=")\\p{M})`, 'gu');
  return unsafeInJson;
};

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
  plainLines.test(json) ? json : json.replace(findUnsafe(), escapeUnits);
