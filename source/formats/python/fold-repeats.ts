/** Items that repeat: `times` rounds of `first`, the ids of each round `stride` above those of the one before. */
export type Repeat<T> = {
  readonly times: number;
  readonly stride: number;
  readonly first: readonly T[];
  readonly last: readonly T[];
};

/** Rounds of more items than this are not looked for; fewer rounds than that are not worth a loop. */
const longestRound = 24;
const fewestRounds = 4;

export type Numbered = { readonly id: number; readonly key: string };

/** How many rounds of `length` items begin at `start`: equal keys, and ids that grow by the same stride. */
const roundsAt = (items: readonly Numbered[], start: number, length: number): number => {
  const stride = (items[start + length]?.id ?? 0) - items[start]!.id;
  let rounds = 1;
  for (; stride > 0; rounds++) {
    for (let index = start; index < start + length; index++) {
      const [item, there] = [items[index]!, items[index + rounds * length]];
      if (there?.key !== item.key || there.id !== item.id + rounds * stride) return rounds;
    }
  }
  return rounds;
};

const bestRound = (items: readonly Numbered[], start: number): { length: number; rounds: number } => {
  let best = { length: 1, rounds: 1 };
  for (let length = 1; length <= longestRound; length++) {
    const rounds = roundsAt(items, start, length);
    if (rounds >= fewestRounds && rounds * length > best.rounds * best.length) best = { length, rounds };
  }
  return best;
};

/** The items in order, with those that repeat put together: what a loop of calls was becomes a loop again. */
export const foldRepeats = <T extends Numbered>(items: readonly T[]): (T | Repeat<T>)[] => {
  const folded: (T | Repeat<T>)[] = [];
  for (let at = 0; at < items.length; ) {
    const { length, rounds } = bestRound(items, at);
    const first = items.slice(at, at + length);
    const end = at + length * rounds;
    if (rounds === 1) folded.push(...first);
    else {
      const stride = items[at + length]!.id - items[at]!.id;
      folded.push({ times: rounds, stride, first, last: items.slice(end - length, end) });
    }
    at = end;
  }
  return folded;
};

export const isRepeat = <T extends Numbered>(item: T | Repeat<T>): item is Repeat<T> => 'times' in item;
