import { t } from '../words/translate.ts';

/** Edits (insert, delete, replace, swap neighbours) between two short words. */
const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
};

/** The known word that was probably meant, or undefined. Case does not count. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  if (word.length > 40) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const starts = lower.length >= 3 && (other.startsWith(lower) || lower.startsWith(other));
    const edits = starts ? Math.min(1, distance(lower, other)) : distance(lower, other);
    if (edits < least) {
      best = candidate;
      least = edits;
    }
  }
  return best;
};

/** `: did you mean recv?`, or the alternative where nothing is near. */
export const didYouMean = (word: string, known: readonly string[], otherwise = ''): string => {
  const near = nearest(word, known);
  return near === undefined ? otherwise : t`: did you mean ${near}?`;
};
