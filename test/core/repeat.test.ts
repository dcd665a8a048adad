import { describe, expect, it } from 'vitest';
import { parseLine } from '../../source/core/language/line.ts';
import { formatRepeatStatement } from '../../source/core/language/repeat-text.ts';

describe('the line of a repeat', () => {
  it.each([
    'c1.repeat "hi" every 200ms 50 times',
    'c1.repeat "msg \\{n}\\r\\n" every 1s',
    'c1.repeat hex"01 03" every 1.5s 1 time',
    'u1.repeat "x" to 127.0.0.1:9 every 10ms 3 times',
    'c1.repeat off',
  ])('%s is read back as it was written', text => {
    const read = parseLine(text);
    expect(read.ok && read.value.kind === 'repeat-send' && formatRepeatStatement(read.value)).toBe(text);
  });

  it.each<[string, number, RegExp]>([
    ['c1.repeat', 9, /what is sent\? Write it in quotes/],
    ['c1.repeat hi every 1s', 10, /what is sent\? Write it in quotes/],
    ['c1.repeat "hi"', 14, /how often\? Write every and a time/],
    ['c1.repeat "hi" 5 times', 15, /how often\? Write every and a time/],
    ['c1.repeat "hi" every', 20, /every needs a time/],
    ['c1.repeat "hi" every 0', 21, /0 is no time between two sends: write 1ms to 24h/],
    ['c1.repeat "hi" every 1s 0 times', 24, /0 is no count: write 1 to/],
    ['c1.repeat "hi" every 1s 5', 25, /5 what\? Write 5 times/],
    ['c1.repeat "hi" every 1s 5 times x', 32, /x is too much/],
    ['c1.repeat "hi" to every 1s', 24, /how often\?/],
    ['c1.repeat off now', 14, /now is too much: off stands alone/],
    ['c1.repeat "hi" every 1s => ok', 27, /c1\.repeat stands alone/],
  ])('%s is refused at column %i', (text, column, message) => {
    const read = parseLine(text);
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.message).toMatch(message);
    expect(read.column).toBe(column);
  });
});
