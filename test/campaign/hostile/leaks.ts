/*
 * Output read as a terminal reads it. What the program authors is listed here by hand, and what may not be seen too: neither
 * is taken from what escapes it.
 */

/** Of what kind an output is: a line, lines, or what is drawn on a terminal with sequences of the program's own. */
export type Output = 'line' | 'lines' | 'screen';

/** What the program and Ink write to a terminal: colours, moves and erasures, and the modes that they switch. */
const authored: readonly RegExp[] = [
  /\x1b\[[\d;:]*m/y,
  /\x1b\[\d*(?:;\d+)?[A-HJKSTd]/y,
  /\x1b\[\?(?:25|1000|1002|1006|1049|2004|2026)[hl]/y,
];

/** From and to, both among them: controls, format characters, what has no width, blanks that pass for others, what is no character. */
const unseen: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x1680, 0x1680],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xf8ff],
  [0xfe00, 0xfe0f],
  [0xfdd0, 0xfdef],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
  [0xf0000, 0x10ffff],
];

const isUnseen = (point: number): boolean => unseen.some(([from, to]) => point >= from && point <= to);

/** Takes no column of its own: marks, and the vowels and ends of Hangul syllables. */
const joins = /[\p{M}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/** So many may join a character: a cell holds no more. */
const mostInCell = 8;

const sequenceAt = (text: string, at: number): number => {
  for (const one of authored) {
    one.lastIndex = at;
    if (one.test(text)) return one.lastIndex - at;
  }
  return 0;
};

const shown = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 30));

const hex = (point: number): string => `U+${point.toString(16).padStart(4, '0').toUpperCase()}`;

/** What went out raw of what somebody else wrote, in a sentence; null where nothing did. */
export const leakIn = (text: string, output: Output): string | null => {
  const ends = output === 'line' ? '' : output === 'screen' ? '\n\r' : '\n';
  // How many have joined the character before; at a line's start, and behind a sequence, none may: they would join what is there.
  let joined = mostInCell;
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at)!;
    const character = String.fromCodePoint(point);
    if (point >= 0x20 && point < 0x7f) {
      joined = 0;
      at++;
      continue;
    }
    const length = output === 'screen' && point === 0x1b ? sequenceAt(text, at) : 0;
    if (length > 0 || ends.includes(character)) {
      joined = mostInCell;
      at += length || 1;
      continue;
    }
    if (isUnseen(point)) return `${hex(point)} went out raw: ${shown(text, at)}`;
    joined = joins.test(character) ? joined + 1 : 0;
    if (joined > mostInCell) return `${hex(point)} joins what stands before it: ${shown(text, at)}`;
    at += character.length;
  }
  return null;
};

/** The same of bytes; the last character, or sequence, may have come in half. */
export const leakInBytes = (bytes: Uint8Array, output: Output): string | null => {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const text = utf8.decode(bytes, { stream: true });
    return leakIn(text.replace(/\x1b(?:\[[\d;?]*)?$/, ''), output);
  } catch {
    return 'bytes went out that are no UTF-8';
  }
};
