import type { Cell, TextField } from '../bench/text-field.ts';
import type { Ending, SendMode, View } from '../bench/view.ts';
import { type Bytes, byteLength } from '../core/bytes.ts';
import { parseHex } from '../core/hex.ts';
import { type Parsed, parsed, refused } from '../core/parsed.ts';
import { escapeBytes, parseEscapes } from '../core/payload.ts';
import type { SocketState } from '../core/state.ts';
import { carriesDatagrams } from '../core/transports.ts';

const encoder = new TextEncoder();

const endings: Readonly<Record<Ending, string>> = { none: '', lf: '\n', crlf: '\r\n' };

const endingTitles: Readonly<Record<Ending, string>> = {
  none: 'no ending',
  lf: 'ends LF',
  crlf: 'ends CRLF',
};

/** A line on a stream ends CRLF unless another ending was chosen; a datagram needs none. */
export const endingFor = (view: View, socket: SocketState | undefined): Ending =>
  view.ending ?? (socket && carriesDatagrams(socket) ? 'none' : 'crlf');

type Run = { readonly text: string; readonly pasted: boolean };

/** Neighbours of a kind together, so that an escape typed in two keys is one. */
const runsOf = (cells: readonly Cell[]): Run[] => {
  const runs: { text: string; pasted: boolean }[] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    if (last && last.pasted === cell.pasted) last.text += cell.text;
    else runs.push({ ...cell });
  }
  return runs;
};

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Pasted text with the ending that is set on every line of it; without one its own newlines stay. */
const withEndings = (text: string, ending: Ending): string =>
  ending === 'none' ? text : text.replace(/\r\n|\n/g, endings[ending]);

/** Escapes are read in what was typed; what was pasted is literal, but for the ends of its lines. */
const textBytes = (field: TextField, ending: Ending): Parsed<Bytes> => {
  const parts: Uint8Array[] = [];
  let column = 0;
  for (const { text, pasted } of runsOf(field.cells)) {
    const part = pasted ? parsed(encoder.encode(withEndings(text, ending))) : parseEscapes(text);
    if (!part.ok) return { ...part, column: part.column + column };
    parts.push(part.value);
    column += text.length;
  }
  parts.push(encoder.encode(endings[ending]));
  return parsed({ kind: 'literal', data: join(parts), notation: 'text' });
};

const hexBytes = (field: TextField): Parsed<Bytes> => {
  const digits = parseHex(field.cells.map(cell => cell.text).join(''));
  return digits.ok ? parsed({ kind: 'literal', data: digits.value, notation: 'hex' }) : digits;
};

const fileBytes = (field: TextField): Parsed<Bytes> => {
  const path = field.cells
    .map(cell => cell.text)
    .join('')
    .trim();
  if (path === '') return refused('which file? Write its path');
  return parsed({ kind: 'file', path, data: null });
};

/** What the send line would send. A file is still to be read. Hex and files are sent as they are, without ending. */
export const payloadOf = (field: TextField, mode: SendMode, ending: Ending): Parsed<Bytes> => {
  switch (mode) {
    case 'text':
      return textBytes(field, ending);
    case 'hex':
      return hexBytes(field);
    case 'file':
      return fileBytes(field);
  }
};

/**
 * The line to be recalled: what was pasted in it as one would have typed it, so that it stands for the same bytes
 * where escapes are read.
 */
export const recallable = (field: TextField, mode: SendMode, ending: Ending): string =>
  runsOf(field.cells)
    .map(({ text, pasted }) =>
      pasted && mode === 'text' ? escapeBytes(encoder.encode(withEndings(text, ending))).text : text,
    )
    .join('');

/** How a newline that was pasted is sent, as it is written. */
export const pastedNewline = (mode: SendMode, ending: Ending): string =>
  mode === 'text' && ending === 'crlf' ? '\\r\\n' : '\\n';

/** How the line is read, how it ends, how long it is: "text", "ends CRLF", "6 bytes". The last say the most. */
export const payloadNotes = (field: TextField, mode: SendMode, ending: Ending): readonly string[] => {
  if (mode === 'file') return ['file', 'sent as it is'];
  const payload = payloadOf(field, mode, ending);
  const size = payload.ok ? byteLength(payload.value) : 0;
  const length = payload.ok ? `${size} ${size === 1 ? 'byte' : 'bytes'}` : 'cannot be read';
  if (mode === 'hex') return ['hex', length];
  const pasted = field.cells.filter(cell => cell.pasted).map(cell => cell.text);
  const lines = pasted.join('').split('\n').length;
  const ends =
    lines > 1 && ending !== 'none' ? `${lines} lines, each ${endingTitles[ending]}` : endingTitles[ending];
  return ['text', ends, length, ...(pasted.length > 0 ? ['pasted part literal'] : [])];
};
