import type { SendMode } from '../../bench/view/overlay.ts';
import type { Cell, TextField } from '../../bench/view/text-field.ts';
import type { Ending, View } from '../../bench/view/view.ts';
import { type Bytes, byteLength } from '../../core/bytes/bytes.ts';
import { formatBytes } from '../../core/bytes/bytes-text.ts';
import { escapeBytes } from '../../core/bytes/payload.ts';
import { readMessageHex, readMessageText } from '../../core/language/message-text.ts';
import type { Piece } from '../../core/language/message-values.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import { type Moment, makeMessage, messageBytes } from '../../core/model/message.ts';
import type { SocketState } from '../../core/model/state.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { marked, t } from '../../core/words/translate.ts';

const encoder = new TextEncoder();

const endings: Readonly<Record<Ending, string>> = { none: '', lf: '\n', crlf: '\r\n' };

const endingTitles: Readonly<Record<Ending, string>> = {
  none: marked('no ending'),
  lf: marked('ends LF'),
  crlf: marked('ends CRLF'),
};

/** Characters of a preview: some rows of a screen. */
const longestPreview = 400;

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

/** Pasted text with the ending that is set on every line of it; without one its own newlines stay. */
const withEndings = (text: string, ending: Ending): string =>
  ending === 'none' ? text : text.replace(/\r\n|\n/g, endings[ending]);

const bytesOf = (text: string): Piece => ({ kind: 'bytes', data: encoder.encode(text) });

/** The same of a text that begins at `by`. */
const movedBy = (piece: Piece, by: number): Piece =>
  piece.kind === 'bytes' ? piece : { ...piece, column: piece.column + by };

/** Escapes and values are read in what was typed; what was pasted is literal, but for the ends of its lines. */
const textPieces = (field: TextField, ending: Ending): Parsed<Piece[]> => {
  const pieces: Piece[] = [];
  let column = 0;
  for (const { text, pasted } of runsOf(field.cells)) {
    const part = pasted ? parsed([bytesOf(withEndings(text, ending))]) : readMessageText(text);
    if (!part.ok) return { ...part, column: part.column + column };
    for (const piece of part.value) pieces.push(movedBy(piece, column));
    column += text.length;
  }
  return parsed([...pieces, bytesOf(endings[ending])]);
};

/** What is typed or pasted as text or hex, with the values in it. */
const piecesOf = (field: TextField, mode: 'text' | 'hex', ending: Ending): Parsed<Piece[]> =>
  mode === 'text' ? textPieces(field, ending) : readMessageHex(field.cells.map(cell => cell.text).join(''));

const messageOf = (field: TextField, mode: 'text' | 'hex', ending: Ending): Parsed<Bytes> => {
  const pieces = piecesOf(field, mode, ending);
  return pieces.ok ? messageBytes(pieces.value, mode) : pieces;
};

const fileBytes = (field: TextField): Parsed<Bytes> => {
  const path = field.cells
    .map(cell => cell.text)
    .join('')
    .trim();
  if (path === '') return refused(t('which file? Write its path'));
  return parsed({ kind: 'file', path, data: null });
};

/** What the send line would send. A file is still to be read. Hex and files are sent as they are, without ending. */
export const payloadOf = (field: TextField, mode: SendMode, ending: Ending): Parsed<Bytes> => {
  switch (mode) {
    case 'text':
    case 'hex':
      return messageOf(field, mode, ending);
    case 'file':
      return fileBytes(field);
  }
};

/**
 * The bytes that would be sent now, as they are written: of a line with values in it, which shows them as what they stand
 * for; '' of any other.
 */
export const payloadPreview = (field: TextField, mode: SendMode, ending: Ending, now: Moment): string => {
  if (mode === 'file' || !field.cells.some(cell => !cell.pasted && cell.text === '{')) return '';
  const pieces = piecesOf(field, mode, ending);
  if (!pieces.ok || pieces.value.every(({ kind }) => kind === 'bytes')) return '';
  const made = makeMessage(pieces.value, now);
  return made.ok ? formatBytes({ kind: 'literal', data: made.value, notation: mode }, longestPreview) : '';
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

const sizeAt = (bytes: Bytes, now: Moment): number => {
  if (bytes.kind !== 'composed') return byteLength(bytes);
  const made = makeMessage(bytes.pieces, now);
  return made.ok ? made.value.length : bytes.size;
};

const bytesWords = (size: number): string => (size === 1 ? t('1 byte') : t`${size} bytes`);

/** How the line is read, how it ends, how long it is: "text", "ends CRLF", "6 bytes". The last say the most. */
export const payloadNotes = (
  field: TextField,
  mode: SendMode,
  ending: Ending,
  now: Moment,
): readonly string[] => {
  if (mode === 'file') return [t('file'), t('sent as it is')];
  const payload = payloadOf(field, mode, ending);
  const size = payload.ok ? sizeAt(payload.value, now) : 0;
  const length = payload.ok ? bytesWords(size) : t('cannot be read');
  if (mode === 'hex') return [t('hex'), length];
  const pasted = field.cells.filter(cell => cell.pasted).map(cell => cell.text);
  const lines = pasted.join('').split('\n').length;
  const ended = t(endingTitles[ending]);
  const ends = lines > 1 && ending !== 'none' ? t`${lines} lines, each ${ended}` : ended;
  return [t('text'), ends, length, ...(pasted.length > 0 ? [t('pasted part literal')] : [])];
};
