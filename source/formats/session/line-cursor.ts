/** Bytes that are looked for or written again and again: as such, and four at a time, the last four perhaps once more. */
export type Word = { readonly length: number; readonly bytes: Uint8Array; readonly fours: Int32Array };

const wordOfBytes = (bytes: Uint8Array): Word => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { length } = bytes;
  const fours = Int32Array.from({ length: length < 4 ? 0 : Math.ceil(length / 4) }, (_, index) =>
    view.getInt32(Math.min(index * 4, length - 4), true),
  );
  return { length, bytes, fours };
};

export const wordOf = (text: string): Word => wordOfBytes(new TextEncoder().encode(text));

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const dot = 0x2e;
const zero = 0x30;

/** What each byte is in a text of JSON: 1 stands for itself, 2 begins an escape, 0 ends what can be read here. */
const inText = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === backslash) return 2;
  return byte >= 0x20 && byte < 0x7f && byte !== quote ? 1 : 0;
});

/** Escapes that have a letter, and the bytes that they are; 0 for all else. */
export const escapes = new Uint8Array(256);
for (const [letter, byte] of Object.entries({ '"': 34, '\\': 92, b: 8, f: 12, n: 10, r: 13, t: 9 }))
  escapes[letter.charCodeAt(0)] = byte;

/** Names of threads and of who makes calls are of these. */
const inName = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[\w./-]/.test(String.fromCharCode(byte))),
);

/** How many thousandths a digit more is finer. */
const scales = [1, 10, 100, 1000] as const;

/** In each of four bytes, as they are looked at at once. */
const inEach = 0x01010101;
const topBits = 0x80808080 | 0;

/** FNV-1a (draft-eastlake-fnv), 32 bits. */
const hashBegin = 0x811c9dc5 | 0;
const hashPrime = 0x01000193;

/**
 * Goes through the bytes of a line. Each of its steps either goes on behind what it has found, or finds something else than it
 * looks for; then the line is given up.
 */
export class LineCursor {
  bytes: Uint8Array = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  at = 0;
  to = 0;
  /** The newest time, in ms. */
  value = 0.5;
  /** Where the newest text or name begins, and of a text how many escapes it has. */
  from = 0;
  escaped = 0;

  begin(bytes: Uint8Array, from: number, to: number): void {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.at = from;
    this.to = to;
  }

  skip(word: Word): boolean {
    const { length, fours } = word;
    const { at, view } = this;
    const end = at + length;
    if (end > this.to) return false;
    if (length < 4) return this.skipFew(word);
    const last = (length - 1) >> 2;
    for (let index = 0; index < last; index++)
      if (view.getInt32(at + index * 4, true) !== fours[index]) return false;
    if (view.getInt32(end - 4, true) !== fours[last]) return false;
    this.at = end;
    return true;
  }

  private skipFew({ length, bytes: looked }: Word): boolean {
    const { at, bytes } = this;
    for (let index = 0; index < length; index++) if (bytes[at + index] !== looked[index]) return false;
    this.at = at + length;
    return true;
  }

  /** The value `from` up to `end` once more, and a comma; stops at that. */
  skipAgain(from: number, end: number): boolean {
    const { bytes, at } = this;
    const shift = at - from;
    if (end + shift >= this.to || bytes[end + shift] !== comma) return false;
    for (let again = from; again < end; again++) if (bytes[again] !== bytes[again + shift]) return false;
    this.at = end + shift;
    return true;
  }

  /** A whole number of at most so many digits, 15 or fewer; -1: there is none. */
  whole(most: number): number {
    const { bytes, to, at: from } = this;
    let at = from;
    let value = 0;
    while (at < to) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    const digits = at - from;
    if (digits === 0 || digits > most || (digits > 1 && bytes[from] === zero)) return -1;
    this.at = at;
    return value;
  }

  /** Milliseconds to the microsecond, below 10^12, written in no other way than JSON.stringify does. */
  time(): boolean {
    const { bytes, to, at: from } = this;
    let at = from;
    let whole = 0;
    // As long as it is one of 32 bits, each digit takes a third of the time.
    for (const few = Math.min(to, from + 9); at < few; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) break;
      whole = (Math.imul(whole, 10) + digit) | 0;
    }
    for (; at < to; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    const digits = at - from;
    if (digits === 0 || digits > 12 || (digits > 1 && bytes[from] === zero)) return false;
    this.at = at;
    this.value = whole;
    return at >= to || bytes[at] !== dot || this.fraction(whole);
  }

  /** What stands behind the dot. */
  private fraction(whole: number): boolean {
    const { bytes, to } = this;
    const from = this.at + 1;
    let at = from;
    let part = 0;
    let last = 0;
    for (const finest = Math.min(to, from + 3); at < finest; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) break;
      part = (Math.imul(part, 10) + digit) | 0;
      last = digit;
    }
    if (last === 0) return false;
    const scale = scales[at - from]!;
    // Both are whole and below 2^53, so that the quotient is the number nearest to what is written (IEEE 754, division).
    this.value = (whole * scale + part) / scale;
    this.at = at;
    return true;
  }

  /** A text of JSON in which nothing is written in two ways: printable ASCII, and the escapes that have a letter. Stops at its quote. */
  text(): boolean {
    const { bytes, to } = this;
    this.from = this.at;
    let escaped = 0;
    let at = this.plain(this.at);
    while (at < to) {
      const look = inText[bytes[at]!]!;
      if (look === 0) break;
      if (look === 2) {
        at++;
        if (at >= to || escapes[bytes[at]!] === 0) return false;
        escaped++;
        at = this.plain(at + 1);
      } else at++;
    }
    this.at = at;
    this.escaped = escaped;
    return at < to && bytes[at] === quote;
  }

  /** Up to where bytes surely stand for themselves; three more may. */
  private plain(from: number): number {
    const { view } = this;
    const end = this.to - 3;
    let at = from;
    for (; at < end; at += 4) {
      const four = view.getInt32(at, true);
      // The top bit of each byte: of those below 0x20, above 0x7e, of a quote and of a backslash; perhaps of one behind such.
      const isOther =
        (four - inEach * 0x20) |
        (four + inEach) |
        four |
        ((four ^ (inEach * quote)) - inEach) |
        ((four ^ (inEach * backslash)) - inEach);
      if ((isOther & topBits) !== 0) break;
    }
    return at;
  }

  /** A name, which may be empty. Stops at its quote. */
  name(): boolean {
    const { bytes, to } = this;
    let { at } = this;
    this.from = at;
    while (at < to && inName[bytes[at]!] === 1) at++;
    this.at = at;
    return at < to && bytes[at] === quote;
  }
}

const slots = 4096;
const longestKept = 256;

type Known<T> = { readonly raw: Word; readonly value: T };

const hashOf = ({ bytes, from, at }: LineCursor): number => {
  let hash = hashBegin;
  for (let index = from; index < at; index++) hash = Math.imul(hash ^ bytes[index]!, hashPrime);
  return (hash ^ (hash >>> 16)) & (slots - 1);
};

/** What is made of texts or names that come again and again. The newest of each hash is kept, and the two that came last are tried first. */
export class Remembered<T> {
  private readonly make: (raw: string) => T | null;
  private readonly known = Array.from<Known<T> | null>({ length: slots }).fill(null);
  private last: Known<T> | null = null;
  private before: Known<T> | null = null;
  /** What was read last had not come before, or not lately. */
  isNew = false;

  /** `make` answers null where nothing can be made of it. */
  constructor(make: (raw: string) => T | null) {
    this.make = make;
  }

  /** What the text or name that begins here is; null where it is none, or nothing. Stops at its quote. */
  read(cursor: LineCursor, kind: 'text' | 'name'): T | null {
    const { last, before } = this;
    this.isNew = false;
    if (last && isHere(cursor, last.raw)) return last.value;
    if (before && isHere(cursor, before.raw)) {
      this.last = before;
      this.before = last;
      return before.value;
    }
    return (kind === 'text' ? cursor.text() : cursor.name()) ? this.find(cursor) : null;
  }

  private find(cursor: LineCursor): T | null {
    const { bytes, from, at } = cursor;
    const slot = hashOf(cursor);
    let found = this.known[slot]!;
    if (!found || !isHere(cursor, found.raw, from)) {
      this.isNew = true;
      // Of its own: the bytes may be others by the next line.
      const raw = Uint8Array.from(bytes.subarray(from, at));
      const value = this.make(Buffer.from(raw.buffer).toString('latin1'));
      if (value === null || raw.length > longestKept) return value;
      found = { raw: wordOfBytes(raw), value };
      this.known[slot] = found;
    }
    this.before = this.last;
    this.last = found;
    return found.value;
  }
}

/** Whether these bytes and a quote are what stands here. */
const isHere = (cursor: LineCursor, raw: Word, from = cursor.at): boolean => {
  const { at } = cursor;
  cursor.at = from;
  const isSame = cursor.skip(raw) && cursor.at < cursor.to && cursor.bytes[cursor.at] === quote;
  if (!isSame) cursor.at = at;
  return isSame;
};
