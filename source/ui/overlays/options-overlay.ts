import type { OptionReading, OverlayOf } from '../../bench/view/overlay.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyHints } from '../../commands/calling/keymap.ts';
import { type OptionRow, optionsOf } from '../../commands/sockets/option-list.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { SocketState } from '../../core/model/state.ts';
import { transportOf } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listed, listWindow, type Screen } from './drawn.ts';

type Options = OverlayOf<'options'>;

const nameColumns = 20;
const valueColumns = 12;

/** Longer values stand under their row. */
const isLong = (reading: OptionReading | undefined): boolean => (reading?.value.length ?? 0) > 24;

const shownValue = (
  row: OptionRow,
  reading: OptionReading | undefined,
  socket: SocketState | undefined,
): string => {
  if (row.unread) return safeText(socket?.options[row.option] ?? '');
  if (!reading) return '...';
  return reading.known ? safeText(reading.value) : '';
};

const noteOf = (row: OptionRow, reading: OptionReading | undefined): string => {
  if (row.unread) return t('can only be set');
  return reading ? safeText(t(reading.note)) : t('asking');
};

const optionLine = (
  row: OptionRow,
  reading: OptionReading | undefined,
  chosen: boolean,
  socket: SocketState | undefined,
  theme: Theme,
): StyledLine => {
  const grey = reading !== undefined && !reading.known;
  const value = isLong(reading) ? '' : shownValue(row, reading, socket);
  return line(
    span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
    span(row.option.padEnd(nameColumns), chosen ? 'selected' : grey ? 'dim' : 'strong'),
    span(` ${value.padEnd(grey ? 0 : valueColumns)} `, 'plain'),
    span(grey ? '' : `${t(row.does)}  `, 'plain'),
    span(t`(${noteOf(row, reading)})`, 'dim'),
  );
};

/** The chosen option in full: what it does, what may be written, and a value that is too long for its row. */
const moreLines = (row: OptionRow, reading: OptionReading | undefined, width: number): StyledLine[] => {
  const takes = row.takes === '' ? t('can only be read') : t`takes ${t(row.takes)}`;
  const why = reading && !reading.known ? [t`not here: ${t(reading.note)}`] : [];
  const long = isLong(reading) && reading?.known ? [reading.value] : [];
  return [t`${`${row.level} ${row.option}`}: ${t(row.does)}; ${takes}`, ...why, ...long].flatMap(text =>
    wrap(safeText(text), width - 1).map(part => line(' ', part)),
  );
};

/** What stands under the list: the chosen option, and the connection's TCP_INFO whatever is chosen. */
const belowLines = (chosen: OptionRow | undefined, { readings }: Options, width: number): StyledLine[] => {
  const more = chosen ? moreLines(chosen, readings[chosen.option], width) : [];
  const { TCP_INFO: info } = readings;
  if (!info?.known || chosen?.option === 'TCP_INFO') return more;
  const words = wrap(`TCP_INFO: ${safeText(info.value)}`, width - 2, 'dim');
  return [...more, line(), ...words.map(part => line(' ', part))];
};

/** What keys do here, and behind it for what is no option. */
const footOf = (keyOf: KeyOf): string => {
  const here = keyHints(
    keyOf,
    ['options-set', t('sets')],
    ['options-read', t('asks again')],
    ['back', t('back')],
  );
  const there = keyHints(keyOf, ['timeout', t('timeout')], ['backlog', 'backlog']);
  return [here, there === '' ? '' : t`and there ${there}`].filter(Boolean).join(t(', '));
};

/** A socket's options: name, value now and where that comes from; those that cannot be asked for say why. */
export const drawOptions = (
  overlay: Options,
  socket: SocketState | undefined,
  keyOf: KeyOf,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const rows = socket && !socket.closed ? optionsOf(socket) : [];
  const at = Math.max(0, Math.min(overlay.at, rows.length - 1));
  const width = Math.min(104, screen.columns - 2);
  const below = belowLines(rows[at], overlay, width - 2);
  const height = Math.min(screen.rows, Math.max(1, rows.length) + below.length + 3);
  const room = Math.max(1, height - 3 - below.length);
  const first = listWindow(at, rows.length, room);
  const list = rows
    .slice(first, first + room)
    .map((row, index) => optionLine(row, overlay.readings[row.option], first + index === at, socket, theme));
  const gone = [line(span(` ${t`${overlay.socket} is closed`}`, 'dim'))];
  const title = {
    name: line(span(t`Options of ${overlay.socket}`, 'title')),
    notes: socket ? [t(transportOf(socket).title), socket.condition, t('reading is not logged')] : [],
    foot: footOf(keyOf),
  };
  const box = centred(screen, width, height);
  const content = [...(list.length === 0 ? gone : list), line(), ...below];
  return {
    ...box,
    frame: frame(title, content, box.width, height, true, theme),
    cursor: null,
    page: room,
    count: rows.length,
    items: listed(0, first, list.length),
  };
};
