import type { Stamps } from '../../bench/view/view.ts';
import { formatSeconds } from '../../core/words/entry-text.ts';

/** How wide the columns of entries' numbers and times are, in cells, with the blanks behind them. */
export type Columns = { readonly number: number; readonly time: number };

/** The newest entry, or the largest number and time (ms since the bench began) that may be shown. */
export type Largest = { readonly n: number; readonly t: number };

/** What numbers up to #9999 and times below 1000 s take: most sessions never have more, and nothing moves in them. */
const least: Columns = { number: 6, time: 12 };

const clock = 'hh:mm:ss.mmm'.length;

const timeWidth = (stamps: Stamps, t: number): number => {
  switch (stamps) {
    case 'relative':
      return formatSeconds(t).length;
    case 'clock':
      return clock;
    case 'delta':
      // No two entries are farther apart than all that has passed.
      return formatSeconds(t).length + 1;
  }
};

/** Columns that nothing up to the largest fills: a blank stands behind each, whatever comes. */
export const columnsFor = ({ n, t }: Largest, stamps: Stamps): Columns => ({
  number: Math.max(least.number, `#${n}`.length + 1),
  time: Math.max(stamps === 'clock' ? 0 : least.time, timeWidth(stamps, t) + 2),
});

/** The same without numbers. */
export const unnumbered = (columns: Columns): Columns => ({ ...columns, number: 0 });

/** An entry's number and its time, each in its column. */
export const inColumns = (columns: Columns, n: number, stamp: string): { number: string; time: string } => ({
  number: columns.number === 0 ? '' : `#${n}`.padEnd(columns.number),
  time: `${stamp.padStart(columns.time - 2)}  `,
});
