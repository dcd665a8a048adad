import type { OverlayOf, Refusal, SendMode } from '../../bench/view/overlay.ts';
import { nextMessage } from '../../bench/view/selectors-sockets.ts';
import { type Ending, shownBench } from '../../bench/view/view.ts';
import {
  endingFor,
  pastedNewline,
  payloadNotes,
  payloadPreview,
} from '../../commands/sockets/payload-line.ts';
import { groupTitle } from '../../commands/sockets/send-group.ts';
import type { Moment } from '../../core/model/message.ts';
import { t } from '../../core/words/translate.ts';
import { drawField } from '../parts/field.ts';
import { fitted, line, lineWidth, type StyledLine, span, spread, widthOf } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Around, BottomLine } from './drawn.ts';

const refusalLines = (refusal: Refusal | null, width: number): StyledLine[] =>
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
): StyledLine[] => {
  const preview = payloadPreview(overlay.payload, mode, ending, moment);
  if (preview === '') return [];
  return wrap(t`sends ${preview}`, width - 3, 'dim').map(part => line(span('   '), part));
};

/** Where a message is typed: to whom, what of it is added, and what its values stand for. */
export const sendLine = (
  overlay: OverlayOf<'send'>,
  { world, theme }: Around,
  now: number,
  width: number,
): BottomLine => {
  const socket = shownBench(world).sockets.get(overlay.socket);
  const ending = endingFor(world.view, socket);
  const { mode } = world.view;
  const moment = { n: nextMessage(world.bench, overlay.socket), at: world.began + now };
  const to = overlay.all ? groupTitle(shownBench(world), overlay.socket) : overlay.socket;
  const prefix = ` ${overlay.address ? t`send ${overlay.socket} to` : t`send to ${to}`}`;
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
