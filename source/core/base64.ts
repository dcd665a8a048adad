import { type Parsed, parsed, refused } from './parsed.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 with padding (RFC 4648, section 4). */
export const formatBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!;
    text += left > 1 ? alphabet[(bits >> 6) & 63]! : '=';
    text += left > 2 ? alphabet[bits & 63]! : '=';
  }
  return text;
};

const values: Readonly<Record<string, number>> = Object.fromEntries(
  [...alphabet].map((character, value): [string, number] => [character, value]),
);

const wrongLength = 'base64 comes in groups of four characters, padded with =: this one is cut off';

/** Base64 as formatBase64 writes it; line breaks and blanks between characters are passed over. */
export const parseBase64 = (text: string): Parsed<Uint8Array> => {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  let padding = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (/\s/.test(character)) continue;
    const value = character === '=' && count % 4 >= 2 ? 0 : values[character];
    if (value === undefined || (padding > 0 && character !== '=')) {
      const found = String.fromCodePoint(text.codePointAt(at)!);
      return refused(`"${found}" does not belong into base64 here: copy the text whole`, at, found.length);
    }
    if (character === '=') padding++;
    bits = (bits << 6) | value;
    count++;
    if (count % 4 === 0) {
      bytes[length++] = (bits >> 16) & 255;
      bytes[length++] = (bits >> 8) & 255;
      bytes[length++] = bits & 255;
      bits = 0;
    }
  }
  if (count % 4 !== 0) return refused(wrongLength, text.length);
  const dropped = bytes.subarray(length - padding, length);
  if (dropped.some(byte => byte !== 0)) return refused(wrongLength, text.length);
  return parsed(bytes.slice(0, length - padding));
};
