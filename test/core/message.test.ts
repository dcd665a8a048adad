import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { materialise } from '../../source/core/bytes/bytes.ts';
import { formatBytes, parseBytes } from '../../source/core/bytes/bytes-text.ts';
import { formatHex } from '../../source/core/bytes/hex.ts';
import { encodeText, parseEscapes } from '../../source/core/bytes/payload.ts';
import { formatCall, parseCall, parseLine } from '../../source/core/language/line.ts';
import { readMessageHex, readMessageText } from '../../source/core/language/message-text.ts';
import { valueNames } from '../../source/core/language/message-values.ts';
import { tokenize } from '../../source/core/language/tokens.ts';
import { type Moment, makeMessage } from '../../source/core/model/message.ts';
import { anyText, unsafe } from './arbitraries.ts';

const at = Date.UTC(2024, 1, 29, 12, 34, 56, 789);
const moment: Moment = { n: 7, at };

const made = (text: string, now = moment): Uint8Array => {
  const pieces = readMessageText(text);
  if (!pieces.ok) throw new Error(pieces.message);
  const bytes = makeMessage(pieces.value, now);
  if (!bytes.ok) throw new Error(bytes.message);
  return bytes.value;
};

const madeText = (text: string, now = moment): string => Buffer.from(made(text, now)).toString('latin1');

const hexOf = (text: string): string => {
  const pieces = readMessageHex(text);
  const bytes = pieces.ok ? makeMessage(pieces.value, moment) : pieces;
  if (!bytes.ok) throw new Error(bytes.message);
  return formatHex(bytes.value);
};

describe('values in a message', () => {
  /** Frames that others have published: the protocol's own documents and examples. */
  it.each([
    ['Modbus RTU, its specification', '02 07 \\{crc16}', '02 07 41 12'],
    ['Modbus RTU, a read of ten registers', '01 03 00 00 00 0a \\{crc16}', '01 03 00 00 00 0a c5 cd'],
    ['Modbus TCP', '00 01 00 00 \\{len:2be} 11 03 00 6b 00 03', '00 01 00 00 00 06 11 03 00 6b 00 03'],
  ])('%s', (_, written, expected) => {
    expect(hexOf(written)).toBe(expected);
  });

  it.each([
    [
      'NMEA 0183',
      '$\\{@a}GPGLL,5300.97914,N,00259.98174,E,125926,A\\{@b}*\\{xor:HEX:a..b}\\r\\n',
      '$GPGLL,5300.97914,N,00259.98174,E,125926,A*28\r\n',
    ],
    ['Modbus ASCII', ':\\{@a}010300000001\\{lrc-ascii:a..}\\r\\n', ':010300000001FB\r\n'],
    [
      'FIX 4.2',
      '8=FIX.4.2\\x019=\\{len:a..b}\\x01\\{@a}35=A\\x0149=SERVER\\x0156=CLIENT\\x0134=177\\x01' +
        '52=20090107-18:15:16\\x0198=0\\x01108=30\\x01\\{@b}10=\\{sum:3dec:..b}\\x01',
      '8=FIX.4.2\x019=65\x0135=A\x0149=SERVER\x0156=CLIENT\x0134=177\x01' +
        '52=20090107-18:15:16\x0198=0\x01108=30\x0110=062\x01',
    ],
    ['HTTP', 'Content-Length: \\{len:a..}\\r\\n\\r\\n\\{@a}hello', 'Content-Length: 5\r\n\r\nhello'],
  ])('%s', (_, written, expected) => {
    expect(madeText(written)).toBe(expected);
  });

  it.each([
    ['\\{n}', '7'],
    ['\\{n:3dec}', '007'],
    ['\\{n:2be}', '\x00\x07'],
    ['\\{n:2le}', '\x07\x00'],
    ['\\{n:4HEX}', '0007'],
    ['\\{time}', '2024-02-29T12:34:56.789Z'],
    ['\\{unix}', '1709210096'],
    ['\\{unix:be}', '\x65\xe0\x79\xf0'],
    ['\\{unixms}', '1709210096789'],
    ['123456789\\{crc16}', '123456789\x37\x4b'],
    ['123456789\\{crc16:be}', '123456789\x4b\x37'],
    ['123456789\\{crc16-xmodem}', '123456789\x31\xc3'],
    ['123456789\\{crc16-arc:HEX}', '123456789BB3D'],
    ['123456789\\{crc32}', '123456789\x26\x39\xf4\xcb'],
    ['123456789\\{crc32:hex}', '123456789cbf43926'],
    ['123456789\\{crc32:dec}', '1234567893421780262'],
    ['123456789\\{sum}', '123456789\xdd'],
    ['123456789\\{sum:2be}', '123456789\x01\xdd'],
    ['123456789\\{sum:HEX}', '123456789DD'],
    ['\\{sum:a..b}\\{@a}\\x01\\x02\\{@b}\\xff', '\x03\x01\x02\xff'],
    ['\\{sum:a..}\\{@a}\\x01\\x02', '\x03\x01\x02'],
    ['\\{@a}\\{len:1be:a..}abc', '\x04abc'],
    ['\\{@a}\\{len:a..}123456789', '11123456789'],
    ['\\{len}\\{len}', '10'],
    ['\\{len:1be}ab\\{sum}', '\x03ab\xc6'],
    ['\\{sum:a..}\\{@a}x\\{xor:a..}', '\xf0x\x78'],
  ])('%s', (written, expected) => {
    expect(madeText(written)).toBe(expected);
  });

  it('counts in raw bytes modulo what these hold', () => {
    expect(madeText('\\{n:1be}', { n: 257, at })).toBe('\x01');
    expect(madeText('\\{n:1dec}', { n: 257, at })).toBe('257');
  });

  it.each([
    ['ab\\{', 2, /not closed/],
    ['ab\\{}', 4, /a value has a name/],
    ['ab\\{crc15}', 4, /crc15 is no value of a message: did you mean crc16\?/],
    ['{"a": \\{"b"}', 8, /no value of a message/],
    ['\\{n:9be}', 4, /1 to 8 bytes/],
    ['\\{n:quick}', 4, /quick is no format of n: 2be and 2le/],
    ['\\{time:4be}', 7, /it is text/],
    ['\\{crc16:1be}', 8, /it needs 2/],
    ['\\{sum:2dec}', 6, /it needs 3/],
    ['\\{n:a..b}', 4, /n has no range/],
    ['\\{sum:A..}', 6, /no range/],
    ['\\{@}', 0, /no mark/],
  ])('%s is refused at its column', (text, column, message) => {
    const read = readMessageText(text);
    expect(read).toMatchObject({ ok: false, column });
    expect(!read.ok && read.message).toMatch(message);
  });

  it.each([
    ['x\\{sum:a..}', 1, /no mark a: \\{@a} sets it/],
    ['\\{@a}x\\{@a}', 6, /set twice/],
    ['\\{@b}x\\{@a}\\{sum:a..b}', 11, /ends before it begins/],
    ['\\{@a}\\{sum:a..b}\\{@b}', 5, /bytes that it is among/],
    ['\\{sum:a..}\\{@a}\\{sum}', 0, /made of a checksum that is made of it/],
    [`\\{len:1be}${'x'.repeat(256)}`, 0, /256 does not fit into 1/],
    ['12x\\{lrc-ascii}', 3, /hex digits in pairs/],
  ])('%s cannot be made', (text, column, message) => {
    const pieces = readMessageText(text);
    const bytes = pieces.ok ? makeMessage(pieces.value, moment) : pieces;
    expect(bytes).toMatchObject({ ok: false, column });
    expect(!bytes.ok && bytes.message).toMatch(message);
  });

  it('changes no text that had a meaning before, braces and all', () => {
    const pieces = fc.array(fc.oneof(anyText, fc.constantFrom('{', '}', '{"n": 1}', '\\', '\\\\{n}', '{n}')));
    fc.assert(
      fc.property(pieces, parts => {
        const text = parts.join('');
        const before = parseEscapes(text);
        if (before.ok) expect(made(text)).toEqual(before.value);
      }),
      { numRuns: 2000 },
    );
  });

  it('never fails otherwise than with a sentence that is safe, whatever stands in the braces', () => {
    const inside = fc.oneof(
      anyText,
      fc.constantFrom(...valueNames),
      fc.constantFrom(':', '2be', 'a..b', '@a'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(inside)), groups => {
        const text = groups.map(group => `x\\{${group.join('')}}`).join('');
        const read = readMessageText(text);
        const bytes = read.ok ? makeMessage(read.value, moment) : read;
        if (!bytes.ok) expect(bytes.message).not.toMatch(unsafe);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('values in a line', () => {
  const bytesIn = (text: string) => {
    const tokens = tokenize(text);
    const bytes = tokens.ok ? parseBytes(tokens.value) : tokens;
    if (!bytes.ok) throw new Error(bytes.message);
    return bytes.value.value;
  };

  it('are bytes at once where these are known', () => {
    expect(formatBytes(bytesIn('hex"01 03 00 00 00 0a \\{crc16}"'))).toBe('hex"01 03 00 00 00 0a c5 cd"');
    expect(formatBytes(bytesIn('"ab\\{len}"'))).toBe('"ab0"');
    expect(materialise(bytesIn('"\\\\{n}"'))).toEqual(encodeText('\\{n}'));
  });

  it.each([
    'c1.send "n \\{n:2be} \\{time}\\r\\n"',
    'c1.sendall hex"01 \\{unix:be} 02 \\{crc32}"',
    'u1.sendto "\\{@a}\\"\\{sum:2le:a..}\\{n}" 127.0.0.1:9',
  ])('%s is written as it was read', text => {
    const call = parseCall(text);
    if (!call.ok) throw new Error(call.message);
    expect('data' in call.value && call.value.data.kind).toBe('composed');
    expect(formatCall(call.value)).toBe(text);
  });

  it.each([
    ['c1.send "ab\\{crc15}"', 13, /did you mean/],
    ['c1.send hex"01 \\{crc16:x}"', 23, /no format/],
    ['c1.send 3B of "\\{n}"', 14, /holds still/],
    ['c1.recv 5 => "\\{n}"', 13, /known once they are sent/],
    ['c1.recv until "\\{time}"', 14, /known once they are sent/],
    ['c1.connect "\\{n}":80', 12, /no escape/],
  ])('%s is refused at its column', (text, column, message) => {
    const line = parseLine(text);
    expect(line).toMatchObject({ ok: false, column });
    expect(!line.ok && line.message).toMatch(message);
  });

  it('are expected too, where they are known', () => {
    expect(parseLine('c1.recv 8 => hex"01 83 02 \\{crc16}"')).toMatchObject({ ok: true });
  });
});
