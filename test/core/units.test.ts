import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatSize,
  humanDuration,
  humanSize,
  parseDuration,
  parseSize,
  parseTimeout,
} from '../../source/core/language/units.ts';

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['300', 300],
    ['300B', 300],
    ['64KiB', 65536],
    ['64kib', 65536],
    ['1.5KiB', 1536],
    ['64MiB', 64 * 1024 ** 2],
    ['1GiB', 1024 ** 3],
  ])('%s', (text, value) => {
    expect(parseSize(text)).toEqual({ ok: true, value });
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.constantFrom(1, 1024, 1024 ** 2), (n, unit) => {
        const bytes = Math.floor(n / unit) * unit;
        expect(parseSize(formatSize(bytes))).toEqual({ ok: true, value: bytes });
      }),
    );
  });

  it.each([
    ['64KB', 2, /"KB" is no unit/],
    ['1.5', 0, /no whole number of bytes/],
    ['-1', 0, /no size/],
    ['', 0, /no size/],
    ['1000000000000000000000000000000', 0, /more than any buffer/],
  ])('%s is refused', (text, column, message) => {
    const result = parseSize(text);
    expect(result).toMatchObject({ ok: false, column });
    expect(!result.ok && result.message).toMatch(message);
    expect(!result.ok && result.message.length).toBeLessThan(200);
  });

  it('repeats no more of an absurd length than one can read', () => {
    const result = parseSize('9'.repeat(100_000));
    expect(!result.ok && result.message).toMatch(/^"9{59}\.\.\. is no size: write bytes, or a number with/);
  });

  it('for the eye', () => {
    expect([0, 1, 812, 1024, 4_157_547].map(humanSize)).toEqual([
      '0 bytes',
      '1 byte',
      '812 bytes',
      '1.0 KiB',
      '4.0 MiB',
    ]);
  });
});

describe('times', () => {
  it.each([
    ['none', null],
    ['0', 0],
    ['0.5', 500],
    ['.5', 500],
    ['2', 2000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['90s', 90_000],
    ['2min', 120_000],
    ['250us', 0.25],
  ])('%s', (text, value) => {
    expect(parseTimeout(text)).toEqual({ ok: true, value });
  });

  it('reads back what it writes, to the microsecond', () => {
    const ms = fc.oneof(
      fc.nat(2 ** 31 - 1),
      fc.nat(10 ** 9).map(us => us / 1000),
      fc.constant(null),
    );
    fc.assert(
      fc.property(ms, value => {
        expect(parseTimeout(formatDuration(value))).toEqual({ ok: true, value });
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['-1', /never negative/],
    ['2 s', /" s" is no unit of time/],
    ['2m', /"m" is no unit of time/],
    ['soon', /no time/],
    ['100000h', /longer than a timer runs/],
  ])('%s is refused', (text, message) => {
    const result = parseTimeout(text);
    expect(!result.ok && result.message).toMatch(message);
  });

  it('none is no length of time', () => {
    expect(parseDuration('none')).toMatchObject({ ok: false });
  });

  it('for the eye, never ahead of the clock', () => {
    const shown = [0, 99, 3_299, 12_500, 59_999, 64_000, 3_599_999, 7_500_000].map(humanDuration);
    expect(shown).toEqual(['0.0s', '0.0s', '3.2s', '12s', '59s', '1m 04s', '59m 59s', '2h 05m']);
  });
});
