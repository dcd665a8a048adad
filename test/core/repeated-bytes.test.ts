import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slice } from '../../source/core/bytes/bytes.ts';

const anyUnit = fc.uint8Array({ minLength: 1, maxLength: 9 });

test('any part of a repeated payload is its unit over and over, where the scratch held something else too', () => {
  fc.assert(
    fc.property(
      anyUnit,
      fc.nat(200),
      fc.nat(220),
      fc.nat(220),
      fc.boolean(),
      (unit, size, start, length, own) => {
        const whole = Uint8Array.from({ length: size }, (_, at) => unit[at % unit.length]!);
        const scratch = own ? undefined : new Uint8Array(220).fill(0xaa);
        const part = slice({ kind: 'repeat', size, unit }, start, length, scratch);
        expect([...part]).toEqual([...whole.subarray(start, start + length)]);
      },
    ),
  );
});
