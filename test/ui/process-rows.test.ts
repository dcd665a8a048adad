import { expect, test } from 'vitest';
import { createToldSource } from '../../source/bench/processes/told-source.ts';
import { processLines } from '../../source/ui/panes/process-rows.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { tableWords } from '../support/words.ts';

/** The lines of a pane of so many columns. */
const linesOf = (traced: boolean, width: number, ended = false): string[] => {
  const source = createToldSource('watch');
  const who = { actor: 'p1', pid: 4711, parent: '', origin: 'found', name: 'python3' } as const;
  source.tell({ kind: 'process', t: 0, ...who, traced, args: ['python3', 'a.py'] });
  if (ended) source.tell({ kind: 'gone', t: 1, actor: 'p1', code: 0, signal: '' });
  source.flush();
  const bench = source.state();
  const context = { bench, now: bench.t, width, theme: themeFor(false), keys: tableWords };
  return processLines(bench, 'p1', context).map(line => line.map(({ text }) => text).join(''));
};

/** test/traces/looks.test.ts holds what it says: a call is told once it stood in two looks. */
test.each([36, 118])('a watched pane of %i columns says which calls are seen, whole', width => {
  const lines = linesOf(false, width);
  expect(lines.join('').replace(/\s+/g, ' ')).toContain(
    '10 looks a second; a call is seen once two of them meet it',
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
});

test('one whose calls are all told, or that has ended, does not', () => {
  expect(linesOf(true, 118).join()).not.toContain('looks');
  expect(linesOf(false, 118, true).join()).not.toContain('looks');
});
