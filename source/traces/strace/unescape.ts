const backslash = 0x5c;

/** Escapes of one letter (strace's string_quote, and those of C besides). */
const letters: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
};

const isOctal = (code: number | undefined): code is number =>
  code !== undefined && code >= 0x30 && code <= 0x37;

const octalAt = (text: string, from: number): { readonly value: number; readonly length: number } => {
  let value = 0;
  let length = 0;
  while (length < 3) {
    const code = text.charCodeAt(from + length);
    if (!isOctal(code)) break;
    value = value * 8 + code - 0x30;
    length++;
  }
  return { value, length };
};

const hexAt = /[0-9a-f]{1,2}/iy;

/** The bytes of what stands between the quotes of a string: one to three octal digits, `\xff`, a letter, or itself. */
export const unescapeBytes = (text: string): Uint8Array<ArrayBuffer> => {
  if (!text.includes('\\')) return Uint8Array.from(Buffer.from(text, 'latin1'));
  const bytes = new Uint8Array(text.length);
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== backslash || at + 1 === text.length) {
      bytes[size++] = code;
      continue;
    }
    at++;
    const { value, length } = octalAt(text, at);
    if (length > 0) {
      bytes[size++] = value;
      at += length - 1;
      continue;
    }
    hexAt.lastIndex = at + 1;
    const hex = text[at] === 'x' ? hexAt.exec(text)?.[0] : undefined;
    if (hex) {
      bytes[size++] = Number.parseInt(hex, 16);
      at += hex.length;
      continue;
    }
    bytes[size++] = letters[text[at]!] ?? text.charCodeAt(at);
  }
  return bytes.slice(0, size);
};
