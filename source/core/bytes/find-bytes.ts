/**
 * How many bytes of `part` are already matched where the byte behind them does not fit: Knuth, Morris and Pratt's
 * table, so that no byte is looked at again, whatever both consist of.
 */
const fallbacks = (part: Uint8Array): Int32Array => {
  const table = new Int32Array(part.length);
  for (let at = 1, matched = 0; at < part.length; at++) {
    while (matched > 0 && part[at] !== part[matched]) matched = table[matched - 1]!;
    if (part[at] === part[matched]) matched++;
    table[at] = matched;
  }
  return table;
};

/** Finds where a sequence of bytes first ends, in pieces that come one after the other. */
export type Finder = {
  /** The index behind the sequence's end in the next piece, or -1 where it has not ended with it; nothing is taken. */
  readonly look: (piece: Uint8Array) => number;
  /** The same, and the piece is behind it. */
  readonly take: (piece: Uint8Array) => number;
};

export const createFinder = (part: Uint8Array): Finder => {
  const table = fallbacks(part);
  let matched = 0;
  const scan = (piece: Uint8Array): { readonly end: number; readonly reached: number } => {
    let reached = matched;
    if (part.length === 0) return { end: 0, reached };
    for (let at = 0; at < piece.length; at++) {
      while (reached > 0 && piece[at] !== part[reached]) reached = table[reached - 1]!;
      if (piece[at] === part[reached]) reached++;
      if (reached === part.length) return { end: at + 1, reached: 0 };
    }
    return { end: -1, reached };
  };
  return {
    look: piece => scan(piece).end,
    take: piece => {
      const { end, reached } = scan(piece);
      matched = reached;
      return end;
    },
  };
};

/** Whether the bytes are somewhere in the others, in linear time. */
export const hasBytes = (whole: Uint8Array, part: Uint8Array): boolean => createFinder(part).look(whole) >= 0;
