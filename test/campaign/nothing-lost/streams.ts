/**
 * Streams as tcp-streams writes them: numbers of 8 bytes in this machine's order, of which the upper half is the stream's own and
 * the lower one counts from 0. Which stream it is and how long therefore say every byte of it, as a digest would.
 */
export type Heard = {
  readonly push: (bytes: Uint8Array) => void;
  readonly size: () => number;
  /** The upper half in hex and the number of bytes; or where it is no such stream. */
  readonly digest: () => string;
};

export const digestOf = (own: string, size: number): string => `${own}:${size}`;

const none = new Uint8Array(0);

export const createHeard = (): Heard => {
  let held: Uint8Array = none;
  let own = -1;
  let count = 0;
  let wrong = -1;
  return {
    push: bytes => {
      const joined = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
      const data = joined.byteOffset % 4 === 0 ? joined : Uint8Array.prototype.slice.call(joined);
      const whole = Math.floor(data.length / 8);
      const words = new Uint32Array(data.buffer, data.byteOffset, 2 * whole);
      if (own < 0 && whole > 0) own = words[1]!;
      for (let at = 0; at < whole && wrong < 0; at++)
        if (words[2 * at] !== count + at || words[2 * at + 1] !== own) wrong = 8 * (count + at);
      count += whole;
      held = Uint8Array.prototype.slice.call(data, 8 * whole);
    },
    size: () => 8 * count + held.length,
    digest: () =>
      wrong < 0
        ? digestOf(own < 0 ? '' : own.toString(16), 8 * count + held.length)
        : `wrong at ${wrong} of ${8 * count + held.length}`,
  };
};

const blockSize = 1 << 20;

/** The first `size` bytes of a stream, in blocks. */
export function* streamOf(own: number, size: number): Generator<Buffer> {
  for (let from = 0; from < size; from += blockSize) {
    const words = new Uint32Array(Math.min(blockSize, size - from) / 4);
    for (let at = 0; at < words.length; at += 2) {
      words[at] = (from + 4 * at) / 8;
      words[at + 1] = own;
    }
    yield Buffer.from(words.buffer);
  }
}
