import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../source/cli/labs/lines-of.ts';
import { longestLine } from '../../source/core/language/tokens.ts';
import { runsOf } from '../support/sizes.ts';

const all = async (chunks: Iterable<Uint8Array>): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of linesOf(Readable.from(chunks))) lines.push(line);
  return lines;
};

test('lines are the same however the stream is cut', async () => {
  const text = fc.array(fc.constantFrom('a', 'é', '中', '\r', '\n', '\r\n', ''), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(text, fc.nat(30), async (parts, at) => {
      const bytes = Buffer.from(parts.join(''));
      const expected = parts.join('').split(/\r\n|\n|\r/);
      if (expected.at(-1) === '') expected.pop();
      expect(await all([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
    }),
    runsOf('lines of any length'),
  );
});

test('a line without an end is left where no line is read any more', async () => {
  let given = 0;
  function* endless() {
    for (;;) {
      given += 1024 * 1024;
      yield Buffer.alloc(1024 * 1024);
    }
  }
  const [line = ''] = await all(endless());
  expect(line.length).toBeGreaterThan(longestLine);
  expect(given).toBeLessThan(longestLine + 8 * 1024 * 1024);
});
