/** A stream of chance that the same seed gives again (Marsaglia's xorshift32). */
export const chanceOf = (seed: number) => {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return { below, one: <T>(list: readonly T[]): T => list[below(list.length)]! };
};

export type Chance = ReturnType<typeof chanceOf>;
