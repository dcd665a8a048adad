import { number } from '../table.ts';
import { type Grown, isFlat } from './growth.ts';

const sizeText = (size: number): string => {
  if (size >= 2 ** 20 && size % 2 ** 20 === 0) return `${size / 2 ** 20} Mi`;
  if (size >= 2 ** 10 && size % 2 ** 10 === 0) return `${size / 2 ** 10} Ki`;
  return size.toLocaleString('en');
};

const verdict = (grown: Grown): string => {
  const power = `size^${grown.exponent.toFixed(2)}`;
  if (isFlat(grown)) return `flat (${power})`;
  return `${power}: ${grown.because ?? 'NOT FLAT, and unexplained'}`;
};

/** What each row costs against size, a block for each scale of sizes. */
export const toGrowthText = (all: readonly Grown[]): string => {
  const width = Math.max(...all.map(({ name, unit }) => `${name}, ${unit}`.length));
  const cell = (text: string) => text.padStart(12);
  const lines = all.flatMap((grown, i) => {
    const { of, name, unit, sizes, costs } = grown;
    const before = all[i - 1];
    const isNew = before?.of !== of || before.sizes.join() !== sizes.join();
    const head = `${before?.of === of ? '' : '\n'}${`growth with ${of}`.padEnd(width + 2)}${sizes.map(sizeText).map(cell).join('')}`;
    const row = `  ${`${name}, ${unit}`.padEnd(width)}${costs.map(number).map(cell).join('')}   ${verdict(grown)}`;
    return isNew ? [head, row] : [row];
  });
  return `${lines.join('\n').trimStart()}\n`;
};
