import { expect, test } from 'vitest';
import { pythonSetOption } from '../../source/formats/python/python-calls.ts';
import { optionValue } from '../../source/formats/strace/strace-words.ts';
import { callOf } from '../support/playing.ts';

test.each([
  ['off', '0, 0', '{l_onoff=0, l_linger=0}, 8'],
  ['0', '1, 0', '{l_onoff=1, l_linger=0}, 8'],
  ['"5 s"', '1, 5', '{l_onoff=1, l_linger=5}, 8'],
])('SO_LINGER %s is a structure of two numbers in Python and for the kernel', (value, packed, structure) => {
  const call = callOf(`c1.setsockopt SOL_SOCKET SO_LINGER ${value}`);
  if (call.name !== 'setsockopt') throw new Error('another call');
  expect(pythonSetOption(call)).toBe(
    `c1.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", ${packed}))`,
  );
  expect(optionValue(call.option, call.value)).toBe(structure);
});
