/** What one size costs, in the row's unit. */
export type Row = {
  readonly name: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  /** Small enough to see that it works. */
  readonly tinySizes: readonly [number, number];
  readonly cost: (size: number) => Promise<number>;
  /** Why it is not flat, where it is not meant to be. */
  readonly because?: string;
};

export type Scale = { readonly of: string; readonly rows: readonly Row[] };

export type Grown = {
  readonly of: string;
  readonly name: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  readonly costs: readonly number[];
  readonly exponent: number;
  readonly because?: string;
};

/** The exponent of the power of size that costs grow with, by least squares of their logarithms: 0 is flat, 1 in proportion. */
export const exponentOf = (sizes: readonly number[], costs: readonly number[]): number => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const xs = sizes.map(Math.log);
  const ys = costs.map(Math.log);
  const [x, y] = [mean(xs), mean(ys)];
  const along = xs.reduce((sum, each, i) => sum + (each - x) * (ys[i]! - y), 0);
  return along / xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
};

/** A cost that doubles over a thousandfold size has the exponent 0.1: what a noisy machine makes of a flat one. */
const flat = 0.1;

export const isFlat = ({ exponent }: Grown): boolean => Math.abs(exponent) <= flat;

export const grow = async (of: string, row: Row, tiny: boolean): Promise<Grown> => {
  const { name, unit, because } = row;
  const sizes = tiny ? row.tinySizes : row.sizes;
  const costs: number[] = [];
  for (const size of sizes) costs.push(await row.cost(size));
  const exponent = exponentOf(sizes, costs);
  return { of, name, unit, sizes, costs, exponent, ...(because === undefined ? {} : { because }) };
};
