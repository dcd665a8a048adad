import type { Place } from '../../bench/view/find-stream.ts';
import type { OverlayOf } from '../../bench/view/overlay.ts';
import { otherName } from '../../bench/view/selectors-peers.ts';
import type { Chunk, Stream } from '../../bench/view/streams.ts';
import type { ByteForm, View } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyHints } from '../../commands/calling/keymap.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { formatSeconds } from '../../core/words/entry-text.ts';
import { keyHint } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import { byteLines } from '../parts/byte-lines.ts';
import { type Columns, columnsFor, inColumns } from '../parts/entry-columns.ts';
import { frame } from '../parts/frame.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import type { Drawn, Screen } from './drawn.ts';

/** Width of the columns before the bytes: number, time, direction. */
const gutterOf = ({ number, time }: Columns): number => 1 + number + time + 2;

/** In what the rows of a stream are made. */
type Form = { readonly form: ByteForm; readonly width: number; readonly columns: Columns };

const chunkLines = (chunk: Chunk, { form, width, columns }: Form): readonly StyledLine[] => {
  const { n, t: at, out, total, note } = chunk;
  const gutter = gutterOf(columns);
  const { number, time } = inColumns(columns, n, formatSeconds(at));
  const data = chunk.data();
  const role = out ? 'own' : 'good';
  const head = span(` ${number}${time}`, 'dim');
  const mark = span(`${out ? '>' : '<'} `, role);
  const blank = span(' '.repeat(gutter - 2), 'dim');
  const bytes = byteLines(data, form, width - gutter);
  const kept =
    data.length === 0 ? t`${total} bytes no longer kept` : t`${data.length} of ${total} bytes shown`;
  const more = total > data.length ? kept : '';
  const notes = [total === 0 && note === '' ? t('an empty datagram') : '', more, note]
    .filter(Boolean)
    .join(t(', '));
  const rows = notes === '' ? bytes : [...bytes, line(span(t`(${notes})`, 'dim'))];
  return rows.map((row, index) => line(index === 0 ? head : blank, mark, row));
};

type Counted = { readonly of: string; readonly rows: WeakMap<Chunk, readonly StyledLine[]> };

let counted: Counted = { of: '', rows: new WeakMap() };

/** The row, of those of a chunk, that a byte of it is drawn in: of the text, which comes first. */
const rowOfByte = (chunk: Chunk, byte: number, { form, width, columns }: Form): number => {
  const before = byteLines(
    chunk.data().subarray(0, byte + 1),
    form === 'hex' ? 'text' : form,
    width - gutterOf(columns),
  );
  return Math.max(0, before.length - 1);
};

/** The row where what was found begins; -1 where it is not among those shown. */
const foundRow = (found: Place | undefined, chunks: readonly Chunk[], form: Form): number => {
  let row = 0;
  for (const chunk of found ? chunks : []) {
    if (chunk.n === found!.n) return row + rowOfByte(chunk, found!.from, form);
    row += rowsOf(chunk, form).length;
  }
  return -1;
};

/** The same row with a mark beside its direction. */
const marked = (row: StyledLine): StyledLine =>
  row.map((part, index) => (index === 1 ? span(`${part.text.trimEnd()}*`, 'focus') : part));

/** A chunk's rows are made once for a form and width. */
const rowsOf = (chunk: Chunk, form: Form): readonly StyledLine[] => {
  const of = `${form.form} ${form.width} ${gutterOf(form.columns)}`;
  if (counted.of !== of) counted = { of, rows: new WeakMap() };
  const known = counted.rows.get(chunk);
  if (known) return known;
  const rows = chunkLines(chunk, form);
  counted.rows.set(chunk, rows);
  return rows;
};

const titleOf = (bench: BenchState, socket: SocketState | undefined, name: string): string => {
  if (!socket?.peer) return t`${name} stream`;
  const other = [otherName(bench, socket), safeText(formatEndpoint(socket.peer))].filter(Boolean).join(' ');
  return t`${name} and ${other}`;
};

const nothingYet = (socket: SocketState | undefined): string =>
  socket?.condition === 'LISTEN'
    ? ` ${t`${socket.name} is a listener: bytes pass through the connections it accepts.`}`
    : ` ${t('No bytes yet, either way.')}`;

/** Both directions of a socket's traffic, live: `>` what it sent, `<` what it received. */
export const drawStream = (
  overlay: OverlayOf<'stream'>,
  bench: BenchState,
  { chunks, cut }: Stream,
  { form, frozen }: Pick<View, 'form' | 'frozen'>,
  keyOf: KeyOf,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const width = screen.columns;
  const height = screen.rows;
  const socket = bench.sockets.get(overlay.socket);
  const columns = columnsFor(chunks.at(-1) ?? { n: 0, t: 0 }, 'relative');
  const drawn = { form, width: width - 2, columns };
  const all = chunks.flatMap(chunk => rowsOf(chunk, drawn));
  const page = height - 2;
  const last = Math.max(0, all.length - page);
  const at = foundRow(overlay.found, chunks, drawn);
  // A third of the page stands above what was found.
  const seen = Math.max(0, at - Math.floor(page / 3));
  const wanted = overlay.top === 'found' ? (at < 0 ? last : seen) : (overlay.top ?? last);
  const top = Math.min(wanted, last);
  const rows = all.slice(top, top + page).map((row, index) => (top + index === at ? marked(row) : row));
  const content = all.length > 0 ? rows : [line(span(nothingYet(socket), 'dim'))];
  const notes = [
    ...(frozen ? [t('FROZEN')] : []),
    overlay.top === null
      ? t('following')
      : `${t`row ${top + 1} of ${all.length}`}${keyHint(keyHints(keyOf, ['end', t('follows')]))}`,
    form === 'text' ? t('text') : form === 'hex' ? t('text and hex') : t('raw'),
    ...(cut ? [t('older bytes left out')] : []),
  ];
  const title = {
    name: line(span(titleOf(bench, socket, overlay.socket), 'title')),
    notes,
    foot: keyHints(
      keyOf,
      ['bytes', t('text or hex')],
      ['send', t('send')],
      ['find', t('find')],
      ['copy', t('copy')],
      ['back', t('back')],
    ),
  };
  return {
    frame: frame(title, content, width, height, true, theme),
    left: 0,
    top: 0,
    width,
    cursor: null,
    page,
    count: all.length,
    first: top,
  };
};
