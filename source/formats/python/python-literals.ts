import { type Bytes, byteLength } from '../../core/bytes/bytes.ts';

const escapes: Readonly<Record<number, string>> = {
  9: '\\t',
  10: '\\n',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

const escapeByte = (character: string): string => {
  const byte = character.charCodeAt(0);
  return escapes[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
};

/** Bytes as Python's literal, `b"GET /\r\n\xff"`. */
export const pythonBytes = (data: Uint8Array): string => {
  const text = Buffer.from(data).toString('latin1');
  return `b"${text.replace(/[^ !#-[\]-~]/g, escapeByte)}"`;
};

const escapeBeyondAscii = (character: string): string => {
  const hex = character.codePointAt(0)!.toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
};

/** Text as Python's literal. JSON's strings are Python's, where what is beyond ASCII is escaped by code point. */
export const pythonText = (text: string): string =>
  JSON.stringify(text).replace(/[^\x00-\x7e]/gu, escapeBeyondAscii);

const repeated = (size: number, unit: Uint8Array): string => {
  const times = Math.ceil(size / unit.length);
  const whole = `${pythonBytes(unit)} * ${times}`;
  return times * unit.length === size ? whole : `(${whole})[:${size}]`;
};

/** Python's open knows no `~`. */
const pythonPath = (path: string): string =>
  /^~(?:\/|$)/.test(path) ? `os.path.expanduser(${pythonText(path)})` : pythonText(path);

/**
 * A call's bytes as a Python expression: a repeat stays one, a file is read when the call is made. What the journal no
 * longer holds is not asked for: such a session is refused.
 */
export const pythonData = (bytes: Bytes): string => {
  switch (bytes.kind) {
    case 'literal':
      return pythonBytes(bytes.data);
    case 'repeat':
      return repeated(byteLength(bytes), bytes.unit);
    case 'file':
      return `open(${pythonPath(bytes.path)}, "rb").read()`;
    // No entry has it: the bench makes bytes of it before its call.
    case 'composed':
    case 'dropped':
      return `bytes(${bytes.size})`;
  }
};
