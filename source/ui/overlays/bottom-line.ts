import type { OverlayOf, Refusal, SendMode } from '../../bench/view/overlay.ts';
import { nextMessage } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { type Ending, shownBench, stands } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { soughtTitles } from '../../commands/looking/find-bytes-commands.ts';
import {
  endingFor,
  pastedNewline,
  payloadNotes,
  payloadPreview,
} from '../../commands/sockets/payload-line.ts';
import { groupTitle } from '../../commands/sockets/send-group.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { Moment } from '../../core/model/message.ts';
import { drawField } from '../parts/field.ts';
import { fitted, type Line, line, lineWidth, span, spread, widthOf } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';

/** The line above the footer, lines that must stand over it, and the cursor's column in it. */
export type BottomLine = {
  readonly line: Line;
  readonly above: readonly Line[];
  readonly cursor: number | null;
};

const refusalLines = (refusal: Refusal | null, width: number): Line[] =>
  refusal ? wrap(refusal.message, width - 3, 'bad').map(part => line(span(' ! ', 'bad'), part)) : [];

const wrongIn = (refusal: Refusal | null, field: string): number | null =>
  refusal?.field === field ? refusal.column : null;

const endingShown = { none: '', lf: '\\n', crlf: '\\r\\n' } as const;

/** Columns that what is typed keeps, however long the rest. */
const leastPayload = 16;

/** As much of the notes as there is room for, the last of them first. */
const noteFor = (notes: readonly string[], room: number): string => {
  for (let first = 0; first < notes.length; first++) {
    const note = `  ${notes.slice(first).join(', ')} `;
    if (widthOf(note) <= room) return note;
  }
  return '';
};

/** What the values of the line stand for, over it. */
const previewLines = (
  overlay: OverlayOf<'send'>,
  mode: SendMode,
  ending: Ending,
  moment: Moment,
  width: number,
): Line[] => {
  const preview = payloadPreview(overlay.payload, mode, ending, moment);
  if (preview === '') return [];
  return wrap(`sends ${preview}`, width - 3, 'dim').map(part => line(span('   '), part));
};

const sendLine = (
  overlay: OverlayOf<'send'>,
  world: World,
  now: number,
  width: number,
  theme: Theme,
): BottomLine => {
  const socket = shownBench(world).sockets.get(overlay.socket);
  const ending = endingFor(world.view, socket);
  const { mode } = world.view;
  const moment = { n: nextMessage(world.bench, overlay.socket), at: world.began + now };
  const to = overlay.all ? groupTitle(shownBench(world), overlay.socket) : overlay.socket;
  const prefix = overlay.address ? ` send ${overlay.socket} to` : ` send to ${to}`;
  const addressRoom = 24;
  const address = overlay.address
    ? drawField(overlay.address, addressRoom - 1, wrongIn(overlay.refusal, 'address'))
    : null;
  const addressLine = address
    ? line(
        span(' '),
        fitted(address.line, Math.max(lineWidth(address.line), overlay.at === 'address' ? 4 : 0)),
      )
    : line();
  const head = line(span(prefix, 'strong'), address ? addressLine : null, span(` ${theme.cursor} `, 'focus'));
  const tail = mode === 'text' ? endingShown[ending] : '';
  const free = width - lineWidth(head) - tail.length - 1;
  const note = noteFor(payloadNotes(overlay.payload, mode, ending, moment), free - leastPayload);
  const room = Math.max(leastPayload, free - widthOf(note));
  const wrong = wrongIn(overlay.refusal, 'payload');
  const payload = drawField(overlay.payload, room, wrong, pastedNewline(mode, ending));
  const left = line(head, payload.line, span(tail, 'dim'));
  const cursor =
    overlay.at === 'address' && address
      ? widthOf(prefix) + 1 + address.cursor
      : lineWidth(head) + payload.cursor;
  return {
    line: spread(left, line(span(note, 'dim')), width, theme.ellipsis),
    above: [...refusalLines(overlay.refusal, width), ...previewLines(overlay, mode, ending, moment, width)],
    cursor,
  };
};

const searchLine = (
  overlay: OverlayOf<'search'>,
  { view }: World,
  width: number,
  keyOf: KeyOf,
): BottomLine => {
  const key = keyOf(overlay.what);
  const does = {
    search: 'search the log',
    filter: 'show only',
    find: `find ${soughtTitles[view.sought.mode]}`,
  }[overlay.what];
  const label = ` ${key === '' ? '' : `${key} `}${does}: `;
  const field = drawField(overlay.input, width - label.length - 1);
  return { line: line(span(label, 'strong'), field.line), above: [], cursor: label.length + field.cursor };
};

/** Send line, search line, or the message of the moment. */
export const bottomLine = (
  world: World,
  now: number,
  width: number,
  keyOf: KeyOf,
  theme: Theme,
): BottomLine => {
  const top = world.view.overlays.at(-1);
  const { message } = world.view;
  const shown = stands(message, now) ? message : null;
  const said = shown
    ? wrap(safeText(shown.text), width - 3, shown.level === 'warning' ? 'warning' : 'plain').map(
        (part, index) =>
          line(span(index === 0 && shown.level === 'warning' ? ' ! ' : '   ', 'warning'), part),
      )
    : [];
  if (top?.kind === 'send') {
    const drawn = sendLine(top, world, now, width, theme);
    return { ...drawn, above: [...drawn.above, ...said] };
  }
  if (top?.kind === 'search') return { ...searchLine(top, world, width, keyOf), above: said };
  const last = said.at(-1);
  return { line: last ?? line(), above: said.slice(0, -1), cursor: null };
};
