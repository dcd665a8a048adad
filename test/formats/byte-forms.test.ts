import { expect, test } from 'vitest';
import { byteForms } from '../../source/core/bytes/bytes-wanted.ts';
import { parseHex } from '../../source/core/bytes/hex.ts';
import { parseEscapes } from '../../source/core/bytes/payload.ts';
import { writtenAs } from '../../source/formats/byte-forms.ts';

const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

test('no form loses a byte', () => {
  expect(parseEscapes(writtenAs.text(every))).toMatchObject({ ok: true, value: new Uint8Array(every) });
  expect(parseHex(writtenAs.hex(every))).toMatchObject({ ok: true, value: new Uint8Array(every) });
  expect(Buffer.from(writtenAs.base64(every), 'base64')).toEqual(every);
  expect(writtenAs.python(Buffer.from('a"\r\n\xff', 'latin1'))).toBe('b"a\\"\\r\\n\\xff"');
});

test('what is text is copied as it is', () => {
  expect(writtenAs.text(Buffer.from('GET / HTTP/1.1\r\n\tgrün'))).toBe('GET / HTTP/1.1\r\n\tgrün');
  expect(writtenAs.text(Buffer.from('\x1b[2J'))).toBe('\\x1b[2J');
});

test('a view into a longer array is written alone', () => {
  for (const form of byteForms)
    expect(writtenAs[form](every.subarray(65, 66))).toBe(writtenAs[form](Buffer.from('A')));
});
