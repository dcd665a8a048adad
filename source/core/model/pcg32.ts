/** State and stream of a PCG32 generator: plain data, so that who draws from it stays a pure function. */
export type Pcg32 = { readonly state: bigint; readonly stream: bigint };

const multiplier = 6364136223846793005n;

const uint64 = (value: bigint): bigint => BigInt.asUintN(64, value);

const advanced = ({ state, stream }: Pcg32): Pcg32 => ({
  state: uint64(state * multiplier + stream),
  stream,
});

/** PCG-XSH-RR 64/32 by M. E. O'Neill (pcg-random.org), seeded as its pcg32_srandom_r does. */
export const pcg32 = (seed: number, sequence = 54): Pcg32 => {
  const stream = uint64((BigInt(sequence) << 1n) | 1n);
  const first = advanced({ state: 0n, stream });
  return advanced({ state: uint64(first.state + BigInt(seed)), stream });
};

/** The next of its numbers, from 0 to 2 ** 32 - 1, and the generator behind it. */
export const drawn = (from: Pcg32): { readonly value: number; readonly next: Pcg32 } => {
  const { state } = from;
  const mixed = Number(BigInt.asUintN(32, ((state >> 18n) ^ state) >> 27n));
  const turn = Number(state >> 59n);
  return { value: ((mixed >>> turn) | (mixed << (-turn & 31))) >>> 0, next: advanced(from) };
};
