/** Where something was found: bytes `from` up to `to`. */
export type Span = { readonly from: number; readonly to: number };

/** How what is sought was written. */
export const soughtModes = ['text', 'hex', 'pattern'] as const;

export type SoughtMode = (typeof soughtModes)[number];

/** More places than anybody goes through. */
export const mostSpans = 10_000;

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);

/** How many bytes of `part` are matched where the next does not fit (Knuth, Morris, Pratt): no byte is looked at again. */
const fallbacks = (part: readonly number[]): Int32Array => {
  const table = new Int32Array(part.length);
  for (let at = 1, matched = 0; at < part.length; at++) {
    while (matched > 0 && part[at] !== part[matched]) matched = table[matched - 1]!;
    if (part[at] === part[matched]) matched++;
    table[at] = matched;
  }
  return table;
};

/** Every place of the bytes, none within another; ASCII letters of either case where `anyCase`. In linear time. */
export const spansOf = (whole: Uint8Array, sought: Uint8Array, anyCase: boolean): readonly Span[] => {
  if (sought.length === 0) return [];
  const fold = anyCase ? lower : (byte: number) => byte;
  const part = Array.from(sought, fold);
  const table = fallbacks(part);
  const spans: Span[] = [];
  let matched = 0;
  for (let at = 0; at < whole.length && spans.length < mostSpans; at++) {
    const byte = fold(whole[at]!);
    while (matched > 0 && byte !== part[matched]) matched = table[matched - 1]!;
    if (byte === part[matched]) matched++;
    if (matched < part.length) continue;
    spans.push({ from: at + 1 - part.length, to: at + 1 });
    matched = 0;
  }
  return spans;
};
