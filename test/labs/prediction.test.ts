import { describe, expect, test } from 'vitest';
import type { LabView, Prediction } from '../../source/bench/view/lab-view.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { type Came, isRight, predictionWords, returnsValue } from '../../source/labs/lessons/prediction.ts';
import { done } from '../../source/labs/verdict.ts';
import { scoreWords } from '../../source/ui/panes/lab-pane.ts';

const recv: Call = { name: 'recv', on: 'c1', size: 100 };

const came = (outcome: Outcome | undefined, found = ''): Came => ({
  verdict: done(found, 1),
  outcome,
  call: recv,
});

const hello = came({ kind: 'data', data: Buffer.from('hello') });
const eof = came({ kind: 'data', data: new Uint8Array() });
const blocked = came(undefined, 'blocked');
const refused = came({ kind: 'error', code: 'ECONNREFUSED' });
const late = came({ kind: 'error', code: 'TIMEOUT' });

const end = (which: 'returns' | 'blocks' | 'fails'): Prediction => ({ kind: 'end', end: which });
const value = (text: string): Prediction => ({ kind: 'value', text });

test.each([
  [end('returns'), hello, true],
  [end('blocks'), hello, false],
  [end('blocks'), blocked, true],
  [end('returns'), blocked, false],
  [end('fails'), refused, true],
  [end('returns'), refused, false],
  [end('fails'), late, true],
  [end('blocks'), late, true],
  [value('hello'), hello, true],
  [value(' "hello" '), hello, true],
  [value("b'hello'"), hello, true],
  [value('hell'), hello, false],
  [value('5 bytes'), hello, true],
  [value('ok'), hello, true],
  [value(''), hello, false],
  [value(''), eof, true],
  [value('EOF'), eof, true],
  [value("b''"), eof, true],
  [value('x'), eof, false],
  [value('7'), came({ kind: 'count', count: 7 }), true],
  [value('8'), came({ kind: 'count', count: 7 }), false],
  [value('ConnectionRefusedError'), refused, true],
  [value('hello'), blocked, false],
] as const)('%o is judged', (said, what, right) => {
  expect(isRight(said, what)).toBe(right);
});

describe('what a person is told', () => {
  test('is what was said, and whether it is so', () => {
    expect(predictionWords(end('blocks'), blocked)).toBe('You said: it blocks. So it is.');
    expect(predictionWords(end('returns'), blocked)).toBe('You said: it returns. Not this time: it blocks.');
    expect(predictionWords(value('8'), hello)).toBe('You said: it returns 8. Not this time.');
    expect(predictionWords(value('8'), refused)).toBe('You said: it returns 8. Not this time: it fails.');
  });

  test.each([
    [0, 0, ''],
    [1, 1, 'Your one prediction was right. '],
    [0, 1, 'Your one prediction was not so: that step was worth the lesson. '],
    [3, 3, 'All 3 of your predictions were right. '],
    [2, 3, 'Of your 3 predictions 2 were right: the rest is what the lesson is for. '],
  ])('%i right of %i at the end: %s', (right, of, words) => {
    expect(scoreWords({ score: { right, of } } as LabView)).toBe(words);
  });
});

test.each([
  ['c1.recv 100 => "hello"', true],
  ['c1.recv 100 => $piece of "x"', true],
  ['c1.send "x" => 5', true],
  ['c1.recv 100 => EOF', true],
  ['c1.getpeername => $me', true],
  ['c1.connect 127.0.0.1:80 => ok', false],
  ['c1.recv 100 & => blocked for 300ms', false],
  ['c1.recv 100 => ECONNRESET', false],
  ['c1.recv 100', false],
])('%s: what it returns says more than that it returned: %s', (line, is) => {
  expect(returnsValue(line)).toBe(is);
});
