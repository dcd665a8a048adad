import { expect, test } from 'vitest';
import { plainLine, plainResult, withValues } from '../../source/labs/lessons/plain-lines.ts';
import { done, judged } from '../../source/labs/verdict.ts';

const values = { port: '4000', much: '64MiB', long: '"'.padEnd(60, 'x') };

test.each([
  ['c1.connect 127.0.0.1:$port', 'c1.connect 127.0.0.1:4000'],
  ['c1.sendall $much of "x"', 'c1.sendall 64MiB of "x"'],
  ['u1.sendto "yes" $me', 'u1.sendto "yes" me'],
  ['a1.sendall $long', 'a1.sendall long'],
  ['a1.on recv /^a$/ send "$1"', 'a1.on recv /^a$/ send "$1"'],
])('%s stands with its values: %s', (text, words) => {
  expect(withValues(text, values)).toBe(words);
});

test.each([
  ['c1.recv 4096 &   => blocked for 1s', 'c1.recv 4096'],
  ['wait c1.recv => "hi"', 'wait for c1.recv'],
  ['repeat 3 c4.send "again" => 5', '3 times: c4.send "again"'],
  ['repeat 3 every 5ms c4.send "again"', '3 times, every 5ms: c4.send "again"'],
  ['a1 = s1.accept   => ok', 'a1 = s1.accept'],
  ['expect s1.accept-q == 2   # one more', 'look at s1'],
])('%s reads: %s', (text, words) => {
  expect(plainLine(text, values, false)).toEqual({ text: words, comment: '' });
});

test('what is looked at is a sentence once it was, with what its writer adds', () => {
  expect(plainLine('expect s1.accept-q == 2   # one more', values, true)).toEqual({
    text: '2 wait in the accept queue of s1',
    comment: '# one more',
  });
});

test.each([
  ['c1.send "hi" => 2', done('2', 1), '= 2'],
  ['a1 = s1.accept', done('a1', 1), ''],
  ['c1.recv 10 &', done('', 1), 'begun; goes on without waiting'],
  ['c1.recv 10 & => blocked', done('blocked', 1), 'blocks; goes on without waiting'],
  [
    'c1.send "x" & => queued',
    done('queued', 1),
    'has not begun: its thread is busy; goes on without waiting',
  ],
  ['c1.send "hi" => 2', judged('expected 2, found EPIPE', 'EPIPE', 1), '= EPIPE; this lesson has: 2'],
  ['c1.recv 10 => blocked', judged('expected blocked', 'EOF', 1), '= EOF; this lesson has: blocks'],
  ['c1.close', judged('expected no error', 'EBADF', 1), '= EBADF; this lesson has: no error'],
  ['expect c1.state == ESTAB', done('', 0), ''],
  ['expect c1.state == ESTAB', judged('c1.state is CLOSED', '', 0), 'it is not so here'],
])('of %s is told %o', (text, verdict, words) => {
  expect(plainResult(text, values, verdict)).toBe(words);
});
