import { execFileSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { materialise } from '../../source/core/bytes/bytes.ts';
import { pythonBytes, pythonData, pythonText } from '../../source/formats/python/python-literals.ts';
import { pythonLack } from '../oracle/python-run.ts';

/** What python3 makes of expressions: their UTF-8 or bytes in hex. */
const evaluated = (expressions: readonly string[]): string[] => {
  const program = [
    'import sys',
    'for line in sys.stdin:',
    '    value = eval(line)',
    '    print((value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")).hex())',
  ].join('\n');
  return execFileSync('python3', ['-c', program], { input: expressions.join('\n'), encoding: 'utf8' })
    .split('\n')
    .slice(0, expressions.length);
};

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

const runs = 300;

const byte = fc.integer({ min: 0, max: 255 });
const anyBytes = fc.uint8Array({ maxLength: 40 });

describe.skipIf(pythonLack() !== null)('literals', () => {
  test('of bytes are these bytes in Python', () => {
    const samples = [...fc.sample(anyBytes, runs), Uint8Array.from({ length: 256 }, (_, index) => index)];
    expect(evaluated(samples.map(pythonBytes))).toEqual(samples.map(hex));
  });

  test('of text are this text in Python', () => {
    const samples = [
      ...fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), runs),
      '"\\\n\u2028\x7f\u{1f600}',
    ];
    expect(evaluated(samples.map(pythonText))).toEqual(samples.map(text => hex(Buffer.from(text))));
  });

  test('of repeats are multiplications that come to the same bytes', () => {
    const samples = fc.sample(
      fc.record({
        kind: fc.constant('repeat' as const),
        size: fc.integer({ min: 0, max: 200 }),
        unit: fc.array(byte, { minLength: 1, maxLength: 5 }).map(bytes => Uint8Array.from(bytes)),
      }),
      runs,
    );
    expect(evaluated(samples.map(pythonData))).toEqual(samples.map(sample => hex(materialise(sample))));
    const unit = new TextEncoder().encode('x');
    expect(pythonData({ kind: 'repeat', size: 64 * 1024 ** 2, unit })).toBe('b"x" * 67108864');
  });
});

test('a literal of bytes takes no more memory than its text', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const data = new Uint8Array(64 * 1024).fill(0x61);
  collect();
  const before = process.memoryUsage().heapUsed;
  const literals = Array.from({ length: 100 }, () => pythonBytes(data));
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(3 * literals.length * data.length);
});
