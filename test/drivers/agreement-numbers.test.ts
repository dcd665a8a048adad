import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { InetFamily } from '../../source/core/model/names.ts';
import { intOptions } from '../../source/drivers/native/option-numbers.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { byDriver, byPython, hasPython, type Step } from './agreement.ts';
import { connected } from './agreement-streams.ts';
import { hands, loopback } from './hands.ts';
import { available, reason } from './native.ts';
import { sampleNumbers } from './number-samples.ts';

/** Bytes that only a machine of another size would promise: between them CPython's answer depends on its memory. */
const sizes = [
  -1,
  -2,
  0,
  1,
  8192,
  2 ** 47,
  2 ** 62,
  2 ** 63 - 1024,
  2 ** 63,
  -(2 ** 63) - 2048,
  1.5,
  Number.NaN,
];

type Place = { readonly on: string; readonly steps: readonly Step[] };

const places = (family: InetFamily, here: string): Readonly<Record<string, Place>> => ({
  'a fresh TCP socket': { on: 'c1', steps: [['socket', 'c1', family, 'SOCK_STREAM']] },
  'a connected TCP socket': { on: 'c1', steps: connected(family, here) },
  'a fresh UDP socket': { on: 'u1', steps: [['socket', 'u1', family, 'SOCK_DGRAM']] },
  'a bound UDP socket': {
    on: 'u1',
    steps: [
      ['socket', 'u1', family, 'SOCK_DGRAM'],
      ['bind', 'u1', here, 0],
    ],
  },
});

const agree = async (steps: readonly Step[]) => {
  const bench = hands(options => createNodeDriver(options));
  const [driver, python] = await Promise.all([byDriver(bench, steps, 0), byPython(steps, 0)]);
  const differ = steps.flatMap((step, i) =>
    isDeepStrictEqual(driver[i], python[i])
      ? []
      : [{ step: step.join(' '), here: driver[i], python: python[i] }],
  );
  expect(differ).toEqual([]);
};

describe.skipIf(!hasPython)('numbers, as CPython takes them', () => {
  describe.each(['AF_INET', 'AF_INET6'] as const)('%s', family => {
    const here = loopback[family];
    const there = places(family, here);

    test.skipIf(!available).each(Object.keys(there))(`options of %s${reason}`, async place => {
      const { on, steps } = there[place]!;
      const tried = intOptions.flatMap(([level, option]): Step[] =>
        sampleNumbers().flatMap((value): Step[] => [
          ['setsockopt', on, level, option, value],
          ['getsockopt', on, level, option],
        ]),
      );
      await agree([...steps, ...tried]);
    });

    test.skipIf(!available)('options that are structures', async () => {
      const values = [0, 1, 2, 0.25, -1, 100_000];
      const on = ['c1', 'a1', 'c2', 'u1'];
      const each = (option: string, some: readonly (number | string)[]) =>
        on.flatMap(name =>
          some.flatMap((value): Step[] => [
            ['setsockopt', name, 'SOL_SOCKET', option, value],
            ['getsockopt', name, 'SOL_SOCKET', option],
          ]),
        );
      await agree([
        ...connected(family, here),
        ['socket', 'c2', family, 'SOCK_STREAM'],
        ['socket', 'u1', family, 'SOCK_DGRAM'],
        ...each('SO_RCVTIMEO', values),
        ...each('SO_SNDTIMEO', values),
        ...each('SO_LINGER', ['off', 0, 5, 2 ** 31 - 1, 2 ** 31, 2 ** 32, -(2 ** 31) - 1, 1.5]),
        ['setsockopt', 's1', 'SOL_SOCKET', 'SO_RCVTIMEO', 3],
        ['socket', 'c3', family, 'SOCK_STREAM'],
        ['connect', 'c3', '@s1'],
        ['accept', 's1', 'a3'],
        ['getsockopt', 'a3', 'SOL_SOCKET', 'SO_RCVTIMEO'],
      ]);
    });

    test('calls', async () => {
      const numbers = sampleNumbers();
      const each = (...step: readonly [string, string]): Step[] => sizes.map(size => [...step, size]);
      await agree([
        ...connected(family, here),
        ...each('recv', 'c1').filter(([, , size]) => !((size as number) >= 1 && (size as number) < 2 ** 47)),
        ['socket', 'u1', family, 'SOCK_DGRAM'],
        ['settimeout', 'u1', 0],
        ...each('recvfrom', 'u1'),
        ['socket', 's2', family, 'SOCK_STREAM'],
        ...numbers.flatMap((value): Step[] => [
          ['listen', 's2', value],
          ['listen', 'u1', value],
        ]),
        ['socket', 'c2', family, 'SOCK_STREAM'],
        ...numbers
          .filter(value => !(Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536))
          .flatMap((port): Step[] => [
            ['bind', 'c2', here, port],
            ['connect', 'c2', here, port],
            ['sendto', 'u1', 'x', here, port],
            ['getservbyport', '', port],
          ]),
        ...numbers.flatMap((value): Step[] => [
          // In seconds, as CPython is given them, a number that small is none.
          ['settimeout', 'c2', typeof value === 'number' ? (value / 1000 === 0 ? 0 : value) : null],
        ]),
        ...['rb', 'wb', 'rwb', 'r', 'x'].flatMap(mode =>
          sizes.map((size): Step => ['makefile', 'c1', 'f1', mode, size]),
        ),
        ['makefile', 'c1', 'f1', 'rb'],
        ['makefile', 'c1', 'f2', 'rwb', 0],
        ['close', 'a1'],
        ...['f1', 'f2'].flatMap(file => each('read', file)),
      ]);
    });
  });
});
