import type { Comparison, CountTest } from '../core/language/expectation.ts';

const comparisons: Record<Comparison, (a: number, b: number) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Whether a number is as a line expects it. */
export const holds = (test: CountTest, value: number): boolean =>
  test.kind === 'range'
    ? value >= test.from && value <= test.to
    : comparisons[test.operator](value, test.value);
