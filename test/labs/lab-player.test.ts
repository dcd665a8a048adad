import { expect, test } from 'vitest';
import { splitExpectation } from '../../source/labs/line-words.ts';

test.each([
  [
    'c1.connect 127.0.0.1:$port &    => blocked for 300ms',
    'c1.connect 127.0.0.1:$port &',
    '=> blocked for 300ms',
  ],
  ['c1.send "a => b"   => 6', 'c1.send "a => b"', '=> 6'],
  ['c1.send "a => b"', 'c1.send "a => b"', ''],
  ['c1 = socket AF_INET SOCK_STREAM', 'c1 = socket AF_INET SOCK_STREAM', ''],
  ['expect c1.state == ESTAB   # served', 'expect c1.state', '== ESTAB   # served'],
  ['expect finding deadlock c1.recv a1.recv', 'expect', 'finding deadlock c1.recv a1.recv'],
  ['expect no finding deadlock', 'expect', 'no finding deadlock'],
])('%s is cut before what it expects', (text, call, expectation) => {
  expect(splitExpectation(text)).toEqual({ call, expectation });
});
