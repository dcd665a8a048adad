import { expect, test } from 'vitest';
import { idleBetween, ticksOf } from '../../source/cli/idle-processors.ts';

test.each([
  ['cpu  10 1 5 80 4 0 0 0 0 0\ncpu0 10 1 5 80 4 0 0 0 0 0\n', { all: 100, idle: 84 }],
  // A virtual machine's guest time is in user time already (proc(5)).
  ['cpu  10 1 5 80 4 1 2 3 9 1\n', { all: 106, idle: 84 }],
  ['cpu  10 1 5 80 4', { all: 100, idle: 84 }],
  ['intr 1 2 3 4 5 6', null],
  ['cpu  1 2 x 4 5', null],
  ['cpu  1', null],
  ['', null],
])('the ticks of all processors are read from the first line of /proc/stat: %j', (stat, ticks) => {
  expect(ticksOf(stat)).toEqual(ticks);
});

test.each([
  [{ all: 100, idle: 84 }, { all: 200, idle: 134 }, 2, 1],
  [{ all: 100, idle: 84 }, { all: 200, idle: 84 }, 2, 0],
  [{ all: 100, idle: 84 }, { all: 200, idle: 184 }, 8, 8],
  [{ all: 100, idle: 84 }, { all: 100, idle: 84 }, 2, 0],
])(
  'between two looks %j and %j, of %i processors, so many were idle: %f',
  (before, after, processors, idle) => {
    expect(idleBetween(before, after, processors)).toBeCloseTo(idle);
  },
);
