import { expect, test } from 'vitest';
import { socketLines } from '../../source/ui/panes/socket-rows.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { playConnection, sample, stateOf } from '../support/entries.ts';
import { tableWords } from '../support/words.ts';

/** The rows of c1 where the kernel says so of it. */
const rows = (state: string, rcvQ: number): string => {
  const { book } = playConnection();
  const { t } = book.entries.at(-1)!;
  book.add({
    kind: 'sample',
    t,
    source: 'kernel',
    readAt: t,
    sockets: [sample('c1', state, { rcvQ })],
    taken: [],
  });
  const bench = stateOf(book);
  const context = { bench, now: t, width: 60, theme: themeFor(false), keys: tableWords };
  const lines = socketLines(bench.sockets.get('c1')!, false, 'full', context);
  return lines.map(spans => spans.map(({ text }) => text).join('')).join('\n');
};

test('bytes that nobody receives are told in the row, and a FIN behind them is an EOF, not a byte', () => {
  expect(rows('ESTAB', 0)).not.toContain('unread');
  expect(rows('ESTAB', 5)).toContain('5 bytes unread');
  expect(rows('CLOSE-WAIT', 6)).toContain('5 bytes and EOF unread');
  expect(rows('CLOSE-WAIT', 1)).toContain('    EOF unread');
});

test('a connection that the kernel has ended does not count bytes that it no longer tells', () => {
  expect(rows('CLOSE', 5)).toContain('c1 CLOSED');
  expect(rows('CLOSE', 5)).toContain('ended: the next call says why');
});
