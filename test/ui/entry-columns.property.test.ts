import fc from 'fast-check';
import { expect, test } from 'vitest';
import { initialView, type Stamps } from '../../source/bench/view/view.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { logLines } from '../../source/ui/panes/log-pane.ts';
import { columnsFor } from '../../source/ui/parts/entry-columns.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { runsOf } from '../support/sizes.ts';

const note = (n: number, t: number): Entry => ({ kind: 'note', n, prev: 0, t, level: 'info', text: 'hello' });

/** Entries as a log of up to ten million has them, over up to twelve days, oldest first. */
const entries = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 10_000_000 }), fc.double({ min: 0, max: 1e9, noNaN: true })), {
    minLength: 1,
    maxLength: 12,
  })
  .map(pairs => {
    const numbers = [...new Set(pairs.map(([n]) => n))].sort((a, b) => a - b);
    const times = pairs.map(([, t]) => t).sort((a, b) => a - b);
    return numbers.map((n, index) => note(n, times[index]!));
  });

const stamps = fc.constantFrom<Stamps>('relative', 'clock', 'delta');

test('the columns of the log never run together, and stand under each other', () => {
  fc.assert(
    fc.property(entries, stamps, (told, chosen) => {
      const rows = logLines(
        { entries: told, repeats: [], calls: new Map(), matching: null, behind: 0 },
        {
          view: { ...initialView.log, stamps: chosen },
          origin: 0,
          width: 120,
          columns: columnsFor(told.at(-1)!, chosen),
          theme: themeFor(true),
          now: 0,
          at: () => undefined,
        },
      ).map(row => row.map(({ text }) => text).join(''));
      const starts = rows.map(row => /^.{2}#\d+ +\+?[\d:.]+ +hello/.exec(row)?.[0].length);
      for (const start of starts) expect(start, rows.join('\n')).toBe(starts[0] ?? 0);
    }),
    runsOf('rows of sockets'),
  );
});

test('numbers and times of a short session keep the columns that they have always had', () => {
  expect(columnsFor({ n: 9_999, t: 999_999 }, 'relative')).toEqual({ number: 6, time: 12 });
  expect(columnsFor({ n: 100_000, t: 100_000_000 }, 'relative')).toEqual({ number: 8, time: 15 });
});
