import { describe, expect, test } from 'vitest';
import { parseThreadCall } from '../../source/traces/proc/thread-call.ts';

const tail = '0x7ffca4b22c90 0x7f8607de7828';

describe('x64', () => {
  test.each([
    [
      `45 0x6 0x7ff76e030c50 0xa 0x100 0x0 0x0 ${tail}`,
      { kind: 'recv', name: 'recvfrom', fd: 6, size: 10, flags: 256, limit: null },
    ],
    [
      `0 0x5 0x7ff76e030c50 0x2000 0x0 0x0 0x0 ${tail}`,
      { kind: 'recv', name: 'read', fd: 5, size: 8192, flags: null, limit: null },
    ],
    [
      `44 0x4 0x7f04c8c2c030 0x4000000 0x0 0x0 0x0 ${tail}`,
      { kind: 'send', name: 'sendto', fd: 4, size: 2 ** 26, flags: 0, limit: null },
    ],
    [
      `299 0x4 0x7f04c8c2c030 0x8 0x0 0x7f04c8c2c030 0x0 ${tail}`,
      {
        kind: 'recv',
        name: 'recvmmsg',
        fd: 4,
        size: null,
        flags: 0,
        limit: { kind: 'set', address: 0x7f04c8c2c030, fraction: 'ns' },
      },
    ],
    [`288 0x3 0x0 0x0 0x80000 0x0 0x0 ${tail}`, { kind: 'accept', name: 'accept4', fd: 3 }],
    [
      `7 0x7ff76e46c790 0x1 0xffffffff 0x1 0x0 0x0 ${tail}`,
      { kind: 'poll', name: 'poll', set: { kind: 'poll', address: 0x7ff76e46c790, count: 1 }, limit: null },
    ],
    [
      `7 0x7ff76e46c790 0x2 0x1f4 0x1 0x0 0x0 ${tail}`,
      {
        kind: 'poll',
        name: 'poll',
        set: { kind: 'poll', address: 0x7ff76e46c790, count: 2 },
        limit: { kind: 'ms', ms: 500 },
      },
    ],
    [
      `270 0x8 0x7ff75eff08f0 0x0 0x0 0x7ff76ce24820 0x0 ${tail}`,
      {
        kind: 'poll',
        name: 'pselect6',
        set: { kind: 'select', count: 8, sets: [0x7ff75eff08f0, 0, 0] },
        limit: { kind: 'set', address: 0x7ff76ce24820, fraction: 'ns' },
      },
    ],
    [
      `232 0x8 0x7ff75eff08f0 0x3f 0xffffffffffffffff 0x0 0x0 ${tail}`,
      { kind: 'poll', name: 'epoll_wait', set: { kind: 'epoll', fd: 8 }, limit: null },
    ],
    [
      `202 0x5565d0f75c30 0x189 0x0 0x0 0x0 0xffffffff ${tail}`,
      { kind: 'futex', name: 'futex', address: 0x5565d0f75c30, shared: false, timed: false },
    ],
    [
      `202 0x5565d0f75c30 0x109 0x0 0x7ff75dffa9f0 0x0 0xffffffff ${tail}`,
      { kind: 'futex', name: 'futex', address: 0x5565d0f75c30, shared: true, timed: true },
    ],
    [
      `230 0x1 0x1 0x7ffcdbe16a30 0x0 0x0 0x7ff76ed4e6e8 ${tail}`,
      { kind: 'other', name: 'clock_nanosleep', does: 'sleep' },
    ],
    [`61 0xffffffffffffffff 0x0 0x0 0x0 0x0 0x0 ${tail}`, { kind: 'other', name: 'wait4', does: 'child' }],
    ['running', { kind: 'running' }],
    [`-1 ${tail}`, { kind: 'outside' }],
  ])('%s', (text, call) => expect(parseThreadCall(`${text}\n`, 'x64')).toEqual(call));

  test('a program of 32 bits has other numbers', () => {
    expect(parseThreadCall('7 0xffff 0x1 0x0 0x0 0x0 0x0 0xffd1c2b0 0xf7f1c549', 'x64')).toEqual({
      kind: 'other',
      name: 'system call 7',
      does: 'unknown',
    });
  });
});

describe('arm64', () => {
  test.each([
    [`207 0x6 0xffff8e030c50 0xa 0x0 0x0 0x0 ${tail}`, { kind: 'recv', name: 'recvfrom', fd: 6 }],
    [`63 0x6 0xffff8e030c50 0xa 0x0 0x0 0x0 ${tail}`, { kind: 'recv', name: 'read', fd: 6 }],
    [`206 0x6 0xffff8e030c50 0xa 0x0 0x0 0x0 ${tail}`, { kind: 'send', name: 'sendto', fd: 6 }],
    [`242 0x3 0x0 0x0 0x80000 0x0 0x0 ${tail}`, { kind: 'accept', name: 'accept4', fd: 3 }],
    [`73 0xffff8e030c50 0x2 0x0 0x0 0x8 0x0 ${tail}`, { kind: 'poll', name: 'ppoll', limit: null }],
    [
      `22 0x4 0xffff8e030c50 0x40 0xffffffff 0x0 0x8 ${tail}`,
      { kind: 'poll', name: 'epoll_pwait', limit: null },
    ],
    [`98 0xffff8e030c50 0x80 0x2 0x0 0x0 0x0 ${tail}`, { kind: 'futex', shared: false, timed: false }],
    [`45 0x6 0xffff8e030c50 0xa 0x0 0x0 0x0 ${tail}`, { kind: 'other', does: 'unknown' }],
  ])('%s', (text, call) => expect(parseThreadCall(text, 'arm64')).toMatchObject(call));
});
