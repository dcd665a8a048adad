import type { Span } from '../../core/bytes/find-spans.ts';
import type { Chunk } from './streams.ts';

/** A place in what is shown of a stream: bytes `from` up to `to` of that entry's, perhaps going on in later ones. */
export type Place = Span & { readonly n: number };

/** One direction's bytes as far as they are shown, and where each entry's begin. */
type Direction = { readonly bytes: Uint8Array; readonly starts: readonly { at: number; n: number }[] };

const directionOf = (chunks: readonly Chunk[], out: boolean): Direction => {
  const parts: Uint8Array[] = [];
  const starts: { at: number; n: number }[] = [];
  let at = 0;
  for (const chunk of chunks) {
    if (chunk.out !== out) continue;
    const data = chunk.data();
    starts.push({ at, n: chunk.n });
    parts.push(data);
    at += data.length;
  }
  const bytes = new Uint8Array(at);
  for (const [index, part] of parts.entries()) bytes.set(part, starts[index]!.at);
  return { bytes, starts };
};

const placeOf = ({ starts }: Direction, { from, to }: Span): Place => {
  const start = starts.findLast(({ at }) => at <= from) ?? { at: 0, n: 0 };
  return { n: start.n, from: from - start.at, to: to - start.at };
};

/**
 * Every place in what is shown of a stream, in the order of its entries. Bytes that came in two calls are found where they
 * meet: a direction is one sequence. A sentence where `find` has one.
 */
export const findInStream = async (
  chunks: readonly Chunk[],
  find: (bytes: Uint8Array) => Promise<readonly Span[] | string>,
): Promise<readonly Place[] | string> => {
  const places: Place[] = [];
  for (const out of [true, false]) {
    const direction = directionOf(chunks, out);
    if (direction.bytes.length === 0) continue;
    const spans = await find(direction.bytes);
    if (typeof spans === 'string') return spans;
    for (const span of spans) places.push(placeOf(direction, span));
  }
  return places.sort((a, b) => a.n - b.n || a.from - b.from);
};
