import { type Parsed, parsed, refused } from '../language/parsed.ts';
import { t } from '../words/translate.ts';
import { parseHex } from './hex.ts';

/**
 * What stands for bytes in a frame, so that its receiver finds damage.
 *
 * - `bytes`: how many it has; `first`: which of them goes first where nothing else is said
 * - `does`: what it is, and who uses it
 * - `wraps`: a sum, of which any number of bytes can be kept
 * - `text`: it is written as two hex digits
 */
export type Checksum = {
  readonly bytes: number;
  readonly first: 'be' | 'le';
  readonly does: string;
  readonly wraps?: true;
  readonly text?: true;
  readonly of: (bytes: Uint8Array) => Parsed<number>;
};

/** As the CRC catalogue (reveng.sourceforge.io) describes one: `check` there is that of the bytes "123456789". */
type Crc = {
  readonly bits: 8 | 16 | 32;
  readonly poly: number;
  readonly init: number;
  /** Bits go lowest first, into it and out of it. */
  readonly reflected: boolean;
  readonly xorOut: number;
};

const reversed = (value: number, bits: number): number => {
  let out = 0;
  for (let bit = 0; bit < bits; bit++) if ((value >>> bit) & 1) out |= 1 << (bits - 1 - bit);
  return out >>> 0;
};

const maskOf = (bits: number): number => (bits === 32 ? 0xffffffff : 2 ** bits - 1);

/** What each byte alone comes to. */
const tableOf = ({ bits, poly, reflected }: Crc): Uint32Array => {
  const mask = maskOf(bits);
  const [turned, top] = [reversed(poly, bits), 2 ** (bits - 1)];
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = reflected ? byte : (byte << (bits - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit++) {
      if (reflected) crc = (crc & 1 ? (crc >>> 1) ^ turned : crc >>> 1) >>> 0;
      else crc = (((crc & top) !== 0 ? (crc << 1) ^ poly : crc << 1) & mask) >>> 0;
    }
    return crc;
  });
};

const crcOf = (crc: Crc): ((bytes: Uint8Array) => Parsed<number>) => {
  const { bits, init, reflected, xorOut } = crc;
  const mask = maskOf(bits);
  let table: Uint32Array | undefined;
  return bytes => {
    table ??= tableOf(crc);
    let value = init;
    for (const byte of bytes) {
      value = reflected
        ? table[(value ^ byte) & 0xff]! ^ (value >>> 8)
        : (table[((value >>> (bits - 8)) ^ byte) & 0xff]! ^ (value << 8)) & mask;
    }
    return parsed((value ^ xorOut) >>> 0);
  };
};

/** One whose bits go lowest first is sent with its lowest byte first, as its protocols have it. */
const crc = (does: string, row: Crc): Checksum => ({
  bytes: row.bits / 8,
  first: row.reflected ? 'le' : 'be',
  does,
  of: crcOf(row),
});

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0);

const negated = (bytes: Uint8Array): number => -sumOf(bytes) & 0xff;

const decoder = new TextDecoder('latin1');

/** The bytes whose hex digits these are. */
const digitsIn = (bytes: Uint8Array): Parsed<Uint8Array> => {
  const read = parseHex(decoder.decode(bytes));
  return read.ok
    ? read
    : refused(t('it is of hex digits in pairs, and there is something else in front of it'));
};

const low16 = { bits: 16, reflected: true, xorOut: 0 } as const;
const high16 = { bits: 16, poly: 0x1021, reflected: false, xorOut: 0 } as const;
const low32 = { bits: 32, init: 0xffffffff, reflected: true, xorOut: 0xffffffff } as const;

/** THE table of checksums, by the name that a message has for each. */
export const checksums = {
  sum: {
    bytes: 1,
    first: 'be',
    does: 'the bytes added up, modulo 256, or what its bytes hold',
    wraps: true,
    of: bytes => parsed(sumOf(bytes)),
  },
  xor: {
    bytes: 1,
    first: 'be',
    does: 'the bytes by exclusive or, as in NMEA 0183',
    of: bytes => parsed(bytes.reduce((all, byte) => all ^ byte, 0)),
  },
  lrc: {
    bytes: 1,
    first: 'be',
    does: 'the sum that brings the bytes to 0 modulo 256',
    of: bytes => parsed(negated(bytes)),
  },
  'lrc-ascii': {
    bytes: 1,
    first: 'be',
    does: 'the same of bytes that stand as hex digits, in two hex digits: Modbus ASCII',
    text: true,
    of: bytes => {
      const digits = digitsIn(bytes);
      return digits.ok ? parsed(negated(digits.value)) : digits;
    },
  },
  crc8: crc('CRC-8/SMBUS', { bits: 8, poly: 0x07, init: 0, reflected: false, xorOut: 0 }),
  'crc8-maxim': crc('CRC-8/MAXIM-DOW: 1-Wire', { bits: 8, poly: 0x31, init: 0, reflected: true, xorOut: 0 }),
  crc16: crc('CRC-16/MODBUS: Modbus RTU', { ...low16, poly: 0x8005, init: 0xffff }),
  'crc16-arc': crc('CRC-16/ARC', { ...low16, poly: 0x8005, init: 0 }),
  'crc16-xmodem': crc('CRC-16/XMODEM', { ...high16, init: 0 }),
  'crc16-ccitt-false': crc('CRC-16/IBM-3740, called CCITT-FALSE', { ...high16, init: 0xffff }),
  'crc16-kermit': crc('CRC-16/KERMIT', { ...low16, poly: 0x1021, init: 0 }),
  'crc16-x25': crc('CRC-16/IBM-SDLC: X.25, HDLC, PPP', {
    ...low16,
    poly: 0x1021,
    init: 0xffff,
    xorOut: 0xffff,
  }),
  crc32: crc('CRC-32/ISO-HDLC: Ethernet, zip, Python zlib.crc32', { ...low32, poly: 0x04c11db7 }),
  crc32c: crc('CRC-32/ISCSI: Castagnoli', { ...low32, poly: 0x1edc6f41 }),
} satisfies Record<string, Checksum>;

export type ChecksumName = keyof typeof checksums;
