import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeText,
  escapeBytes,
  parseEscapes,
  parseTextEscapes,
  quoteBytes,
  quoteText,
  safeText,
} from '../../source/core/bytes/payload.ts';
import { safeJson } from '../../source/core/bytes/printable.ts';
import { parseQuotedText } from '../../source/core/bytes/quoted.ts';
import { anyBytes, anyText, unsafe } from './arbitraries.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const parse = (text: string) => {
  const result = parseEscapes(text);
  if (!result.ok) throw new Error(result.message);
  return result.value;
};

describe('bytes as text', () => {
  it('reads back the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(anyBytes, data => {
        expect(parse(escapeBytes(data).text)).toEqual(data);
      }),
      { numRuns: 2000 },
    );
  });

  it('never lets through what could steer a terminal', () => {
    fc.assert(
      fc.property(anyBytes, data => {
        expect(escapeBytes(data).text).not.toMatch(unsafe);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [encodeText('GET /\r\n\t'), 'GET /\\r\\n\\t'],
    [bytes(0, 0x31), '\\x001'],
    [bytes(0, 0x61), '\\0a'],
    [bytes(0x1b, 0x5b, 0x32, 0x4a, 0x7f), '\\x1b[2J\\x7f'],
    [encodeText('"a\\b"'), '"a\\\\b"'],
    [encodeText('caf\u00e9 \u4f60\u597d \u{1f600}'), 'caf\u00e9 \u4f60\u597d \u{1f600}'],
    [encodeText('\u009b31m'), '\\u{9b}31m'],
    [
      encodeText('a\u202eb\u200b\ufeff\u2028\u00a0\u3000'),
      'a\\u{202e}b\\u{200b}\\u{feff}\\u{2028}\\u{a0}\u3000',
    ],
    [encodeText('\u0301e'), '\\u{301}e'],
    [encodeText('e\u0301'), 'e\u0301'],
    [encodeText(`e${'\u0301'.repeat(9)}`), `e${'\u0301'.repeat(8)}\\u{301}`],
    [encodeText('\uac00\u1161\u11a8'), '\uac00\u1161\u11a8'],
    [bytes(0xff, 0xc0, 0x80), '\\xff\\xc0\\x80'],
    [bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    [bytes(0xe4, 0xbd), '\\xe4\\xbd'],
    [bytes(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
  ])('%j is shown as %s', (data, text) => {
    expect(escapeBytes(data)).toEqual({ text, shown: data.length });
  });

  it('decodes only what the limit shows, and says how much that was', () => {
    const data = encodeText('\u4f60\r\n'.repeat(30_000));
    const { text, shown } = escapeBytes(data, 7);
    expect(text).toBe('\u4f60\\r\\n\u4f60');
    expect(shown).toBe(8); // 3 + 1 + 1 + 3 bytes
    expect(quoteBytes(data, 7)).toBe('"\u4f60\\r\\n\u4f60"...');
    expect(quoteBytes(encodeText('ping'), 4)).toBe('"ping"');
    expect(quoteBytes(encodeText('say "hi"'))).toBe('"say \\"hi\\""');
  });

  it('with any limit is a beginning of the whole that parses to a beginning of the bytes', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(60), (data, limit) => {
        const { text, shown } = escapeBytes(data, limit);
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(parse(text)).toEqual(data.slice(0, shown));
      }),
    );
  });
});

describe('escapes', () => {
  it.each([
    ["\\r\\n\\t\\0\\a\\b\\f\\v\\e\\'", [13, 10, 9, 0, 7, 8, 12, 11, 27, 39]],
    ['\\xff\\x00', [255, 0]],
    ['\\u{e9}\\u00e9', [0xc3, 0xa9, 0xc3, 0xa9]],
    ['\\u{1f600}', [0xf0, 0x9f, 0x98, 0x80]],
    ['\u00e9', [0xc3, 0xa9]],
    ['', []],
  ])('%s', (text, expected) => {
    expect([...parse(text)]).toEqual(expected);
  });

  it.each([
    ['ab\\q', 2, /\\q is no escape/],
    ['\\', 0, /lone/],
    ['x\\x4', 1, /two hex digits/],
    ['\\xg0', 0, /two hex digits/],
    ['\\u{110000}', 0, /beyond/],
    ['\\u{}', 0, /code point/],
    ['\\u12', 0, /code point/],
    ['a\\ud800', 1, /surrogate/],
    ['ab\ud800', 2, /surrogate/],
    ['\\012', 0, /octal/],
    ['\\\x1b', 0, /\\\\x1b is no escape/],
  ])('%j is refused at its column', (text, column, message) => {
    const result = parseEscapes(text);
    expect(result).toMatchObject({ ok: false, column });
    expect(!result.ok && result.message).toMatch(message);
    expect(!result.ok && result.message).not.toMatch(unsafe);
  });
});

describe('quoted text', () => {
  it('reads back the same string, lone surrogates too, and is safe', () => {
    fc.assert(
      fc.property(anyText, text => {
        const quoted = quoteText(text);
        expect(quoted).not.toMatch(unsafe);
        expect(parseQuotedText(quoted)).toEqual({ ok: true, value: text });
      }),
      { numRuns: 2000 },
    );
  });

  it('takes \\xff as the character, as a Python str does', () => {
    expect(parseTextEscapes('\\xff')).toEqual({ ok: true, value: '\u00ff' });
  });
});

describe('safeText', () => {
  it('lets no more marks join a character than a script needs, wherever they stand', () => {
    const flood = '\u0301\u20dd\u1161'.repeat(1_000);
    const joined = /[\p{M}\u1160-\u11ff]{9}/u;
    for (const shown of [safeText(`a${flood}`), quoteText(`a${flood}`), safeJson(`"a${flood}"`)])
      expect(shown).not.toMatch(joined);
    expect(JSON.parse(safeJson(`"a${flood}"`))).toBe(`a${flood}`);
    expect(safeText('\u0e01\u0e34\u0e48')).toBe('\u0e01\u0e34\u0e48');
  });

  it('keeps what is printable and escapes the rest', () => {
    expect(safeText('plain "text" \\ stays')).toBe('plain "text" \\ stays');
    expect(safeText('\x1b]0;x\x07\u009b2J\u202e\ud800\n\u4f60')).toBe(
      '\\x1b]0;x\\x07\\u{9b}2J\\u{202e}\\u{d800}\\n\u4f60',
    );
  });

  it('never lets through what could steer a terminal', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(safeText(text)).not.toMatch(unsafe);
      }),
    );
  });
});
