import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { parseCall } from '../../source/core/language/line.ts';
import { formatOutcome } from '../../source/core/words/outcome-text.ts';
import { intOptions } from '../../source/drivers/native/option-numbers.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { runsOf } from '../support/sizes.ts';
import { hands } from './hands.ts';
import { available, reason } from './native.ts';

const times = ['SO_LINGER', 'SO_RCVTIMEO', 'SO_SNDTIMEO'];
const options = [...intOptions, ...times.map(option => ['SOL_SOCKET', option] as const)];

const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }).map(seconds => `${seconds}s`),
  fc.constantFrom('off', 'none', '250ms', '1.5s'),
);

describe.skipIf(!available)(`what getsockopt prints, setsockopt takes${reason}`, () => {
  test.each(['SOCK_STREAM', 'SOCK_DGRAM'] as const)('%s', async type => {
    const bench = hands(settings => createNodeDriver(settings));
    for (const family of ['AF_INET', 'AF_INET6'] as const) {
      const on = await bench.socket(family, type);
      const perform = async (line: string): Promise<{ outcome: Outcome; said: string }> => {
        const call = parseCall(line);
        if (!call.ok) throw new Error(`${line}: ${call.message}`);
        const outcome = await bench.call({ ...call.value, on } as typeof call.value);
        return { outcome, said: formatOutcome(outcome, call.value) };
      };
      const any = fc.tuple(
        fc.constantFrom(...options),
        fc.oneof(fc.integer({ min: -2, max: 70_000 }), anyTime),
      );
      await fc.assert(
        fc.asyncProperty(any, async ([[level, option], value]) => {
          const first = await perform(`c1.setsockopt ${level} ${option} ${value}`);
          const read = await perform(`c1.getsockopt ${level} ${option}`);
          if (first.outcome.kind === 'error' || read.outcome.kind === 'error') return;
          expect((await perform(`c1.setsockopt ${level} ${option} ${read.said}`)).said).toBe('ok');
          const bare = read.said.replaceAll('"', '');
          expect((await perform(`c1.setsockopt ${level} ${option} ${bare}`)).said).toBe('ok');
          if (!/BUF$/.test(option))
            expect((await perform(`c1.getsockopt ${level} ${option}`)).said).toBe(read.said);
        }),
        runsOf('options round and round'),
      );
    }
  });
});
