import { describe, expect, it } from 'vitest';
import { type ChecksumName, checksums } from '../../source/core/bytes/checksums.ts';
import { encodeText } from '../../source/core/bytes/payload.ts';

const of = (name: ChecksumName, bytes: Uint8Array): number => {
  const result = checksums[name].of(bytes);
  if (!result.ok) throw new Error(result.message);
  return result.value;
};

/** What the CRC catalogue has of "123456789" for each, and plain sums of these nine digits. */
const checks: Readonly<Record<ChecksumName, number>> = {
  sum: 0x1dd,
  xor: 0x31,
  lrc: 0x23,
  // 12, 34, 56 and 78 in hex are 114 hex together.
  'lrc-ascii': 0xec,
  crc8: 0xf4,
  'crc8-maxim': 0xa1,
  crc16: 0x4b37,
  'crc16-arc': 0xbb3d,
  'crc16-xmodem': 0x31c3,
  'crc16-ccitt-false': 0x29b1,
  'crc16-kermit': 0x2189,
  'crc16-x25': 0x906e,
  crc32: 0xcbf43926,
  crc32c: 0xe3069283,
};

describe('checksums', () => {
  it.each(Object.entries(checks) as [ChecksumName, number][])('%s of the nine digits', (name, check) => {
    expect(of(name, encodeText(name === 'lrc-ascii' ? '12345678' : '123456789'))).toBe(check);
  });

  /** zlib.crc32, binascii.crc_hqx(data, 0) and (data, 0xffff), sum and -sum & 255, as CPython has them. */
  it.each([
    ['', new Uint8Array(0), 0, 0, 0xffff, 0, 0],
    ['a', encodeText('a'), 0xe8b7be43, 0x7c87, 0x9d77, 97, 0x9f],
    ['text', encodeText('caf\u00e9 \r\n'), 0x3bcac610, 0x9f4, 0x38ca, 717, 0x33],
    ['every byte', Uint8Array.from({ length: 256 }, (_, i) => i), 0x29058c73, 0x7e55, 0x3fbd, 32640, 0x80],
  ])('%j is as in CPython', (_, data, crc32, xmodem, ccittFalse, sum, lrc) => {
    expect([
      of('crc32', data),
      of('crc16-xmodem', data),
      of('crc16-ccitt-false', data),
      of('sum', data),
      of('lrc', data),
    ]).toEqual([crc32, xmodem, ccittFalse, sum, lrc]);
  });

  it('says what it cannot be made of', () => {
    expect(checksums['lrc-ascii'].of(encodeText('12x4'))).toMatchObject({ ok: false });
  });
});
