import type { WrittenForm } from '../core/bytes/bytes-wanted.ts';
import { formatHex } from '../core/bytes/hex.ts';
import { escapeBytes } from '../core/bytes/payload.ts';
import { pythonBytes } from './python/python-literals.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What no text for pasting has in it: controls but tab and the ends of lines. */
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

/** The bytes as text where they are nothing else, else with escapes, as the send line reads them. */
const asText = (data: Uint8Array): string => {
  try {
    const text = utf8.decode(data);
    if (!controls.test(text)) return text;
  } catch {
    // They are no UTF-8.
  }
  return escapeBytes(data).text;
};

/** Bytes written in a form that can be pasted: none loses any of them. */
export const writtenAs: Readonly<Record<WrittenForm, (data: Uint8Array) => string>> = {
  text: asText,
  hex: data => formatHex(data),
  base64: data => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  python: pythonBytes,
};
