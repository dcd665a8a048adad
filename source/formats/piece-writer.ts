/** Bytes of a piece, from which on it is handed over. */
const pieceSize = 256 * 1024;

/** Beyond a piece's end, so that no packet and few lines make it grow. */
const overhang = 72 * 1024;

const newline = 0x0a;

/** In each of four bytes, as they are looked at at once. */
const inEach = 0x01010101;
const topBits = 0x80808080 | 0;

/** Whether these bytes are printable ASCII and newlines. */
const isPlain = (view: DataView, from: number, to: number): boolean => {
  let at = from;
  while (at < to) {
    if (at + 4 <= to) {
      const four = view.getInt32(at);
      // The top bit of each byte below 0x20 or above 0x7e; perhaps of one beside such.
      if ((((four - inEach * 0x20) | (four + inEach) | four) & topBits) === 0) {
        at += 4;
        continue;
      }
    }
    const byte = view.getUint8(at++);
    if (byte !== newline && (byte < 0x20 || byte > 0x7e)) return false;
  }
  return true;
};

/** Gathers what is written, small parts by the thousand, into large pieces of bytes. Parts go where `reserve` made room for them. */
export class PieceWriter {
  /** What is behind `size` is zero. */
  bytes = new Uint8Array(pieceSize + overhang);
  size = 0;
  view = new DataView(this.bytes.buffer);
  private buffer = Buffer.from(this.bytes.buffer);

  isFull(): boolean {
    return this.size >= pieceSize;
  }

  /** What was written since the last asking, if anything; it is nobody else's. */
  *take(): Generator<Uint8Array> {
    if (this.size === 0) return;
    const piece = this.bytes.subarray(0, this.size);
    this.goOn(new Uint8Array(pieceSize + overhang), 0);
    yield piece;
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    if (this.size + more <= this.bytes.length) return;
    const larger = new Uint8Array(this.size + more + overhang);
    larger.set(this.bytes.subarray(0, this.size));
    this.goOn(larger, this.size);
  }

  private goOn(bytes: Uint8Array<ArrayBuffer>, size: number): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.buffer = Buffer.from(bytes.buffer);
    this.size = size;
  }

  /** Makes room for so many bytes, which are zero and written by who asks; answers where they begin. */
  room(length: number): number {
    this.reserve(length);
    const { size } = this;
    this.size = size + length;
    return size;
  }

  /** These bytes, four at a time. */
  copy(from: DataView, start: number, end: number): void {
    const { view, size } = this;
    const shift = size - start;
    let at = start;
    for (; at + 4 <= end; at += 4) view.setInt32(at + shift, from.getInt32(at));
    for (; at < end; at++) view.setUint8(at + shift, from.getUint8(at));
    this.size = size + end - start;
  }

  /** A few bytes: to begin a copy of many at once takes as long as a hundred one by one. */
  word(word: Uint8Array): void {
    const { bytes, size } = this;
    const { length } = word;
    for (let at = 0; at < length; at++) bytes[size + at] = word[at]!;
    this.size = size + length;
  }

  /** Any number of bytes; makes its own room. */
  append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.room(bytes.length));
  }

  /** A whole number in decimal digits, 0 or above. */
  number(value: number): void {
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    let rest = value;
    for (let at = this.size + digits - 1; at >= this.size; at--) {
      const next = Math.floor(rest / 10);
      this.bytes[at] = 0x30 + (rest - next * 10);
      rest = next;
    }
    this.size += digits;
  }

  /** A word and its number, where there is one: 0 is none. */
  field(word: Uint8Array, value: number): void {
    if (value === 0) return;
    this.word(word);
    this.number(value);
  }

  /** Text of printable ASCII and newlines; false: it has something else in it, and nothing was written. Makes its own room. */
  plain(text: string): boolean {
    const from = this.size;
    this.text(text);
    const { bytes, size } = this;
    if (size - from === text.length && isPlain(this.view, from, size)) return true;
    bytes.fill(0, from, size);
    this.size = from;
    return false;
  }

  /** Any text, in UTF-8; makes its own room. */
  text(text: string): void {
    // UTF-8 takes at most three bytes for a UTF-16 unit.
    this.reserve(text.length * 3);
    this.size += this.buffer.write(text, this.size);
  }
}
