import type { SendMode } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { emptyField } from '../../bench/view/text-field.ts';
import type { Ending } from '../../bench/view/view.ts';
import { marked, t } from '../../core/words/translate.ts';
import { begunPath, completeOr } from '../keeping/path-completion.ts';
import { moveChoice } from '../looking/choices.ts';
import { openHelp } from '../looking/help-commands.ts';
import { completePalette, emptyPalette } from '../looking/palette-commands.ts';
import { endingFor } from '../sockets/payload-line.ts';
import {
  type Context,
  command,
  everyPane,
  listPlaces,
  look,
  type Place,
  readerPlaces,
  say,
  textPlaces,
} from './command.ts';
import { enterCommands } from './enter.ts';
import { runCommand } from './invoke.ts';
import { doneBy } from './keymap.ts';
import { changeOverlay, closeOverlay, openOverlay, overlayOf, topOverlay } from './overlays.ts';

const confirmed = async (context: Context): Promise<null> => {
  const question = overlayOf(context.store.getState(), 'confirm');
  const chosen = context.keymap.commands.find(each => each.id === question?.command);
  closeOverlay(context);
  if (!question || !chosen) return null;
  const refused = await runCommand(context, chosen, question.values);
  if (refused) say(context, refused.message, 'warning');
  return null;
};

/** Tab completes a path, else the palette's chosen command; where there is nothing to complete: the next field. */
const nextField = (by: number) => (context: Context) => {
  const path = by > 0 ? begunPath(context) : null;
  return path ? completeOr(context, path, () => otherField(context, by)) : otherField(context, by);
};

const otherField = (context: Context, by: number): void => {
  const top = topOverlay(context.store.getState().view);
  if (top?.kind === 'palette') return completePalette(context);
  if (top?.kind === 'send' && top.address) {
    return changeOverlay(context, 'send', { at: top.at === 'payload' ? 'address' : 'payload' });
  }
  if (top?.kind !== 'form') return;
  const count = top.fields.length;
  changeOverlay(context, 'form', { at: (top.at + by + count) % count });
};

const oneField = (world: World): string | null => {
  const top = topOverlay(world.view);
  return (top?.kind === 'form' && top.fields.length === 1) || (top?.kind === 'send' && !top.address)
    ? t('There is no other field')
    : null;
};

/** Tab goes on with what is written: a name of the palette, the path of a file to send. */
const completes = ({ view }: World): boolean => {
  const top = topOverlay(view);
  if (top?.kind === 'send') return top.at === 'payload' && view.mode === 'file';
  return top?.kind === 'palette' || (top?.kind === 'form' && top.fields[top.at]?.isPath === true);
};

/** In a send line of one field rows are its history. */
const oneRow = (world: World): string | null =>
  topOverlay(world.view)?.kind === 'form' ? oneField(world) : null;

const endings: readonly Ending[] = ['crlf', 'lf', 'none'];
const modes: readonly SendMode[] = ['text', 'hex', 'file'];

const after = <T>(list: readonly T[], value: T): T => list[(list.indexOf(value) + 1) % list.length]!;

const nextEnding = (context: Context): void => {
  const { view } = context.store.getState();
  const send = overlayOf(context.store.getState(), 'send');
  const socket = send ? context.source.state().sockets.get(send.socket) : undefined;
  look(context, { ending: after(endings, endingFor(view, socket)) });
};

/** A search has one field and no history. */
const withRows: readonly Place[] = textPlaces.filter(place => place !== 'search');

const rowWords: Readonly<Record<string, string>> = {
  send: marked('history'),
  palette: marked('history'),
  form: marked('field above'),
};

/** What leads to every other command. */
export const helpCommands = [
  command({
    id: 'help',
    title: marked('Help: the keys that work here'),
    short: marked('help'),
    keys: ['?'],
    where: [...everyPane, ...readerPlaces, ...listPlaces],
    footer: 95,
    run: openHelp,
  }),
  command({
    id: 'palette',
    title: marked('Commands and calls by name'),
    short: marked('commands'),
    keys: [':', 'ctrl-p'],
    where: [...everyPane, ...readerPlaces],
    footer: 85,
    listed: false,
    run: context => openOverlay(context, { ...emptyPalette, input: emptyField }),
  }),
];

/** Keys of forms, lists and lines that are typed. */
export const inputCommands = [
  ...enterCommands,
  command({
    id: 'yes',
    title: marked('Yes, do it'),
    short: marked('yes'),
    keys: ['y', 'enter'],
    where: ['confirm'],
    footer: 90,
    listed: false,
    run: confirmed,
  }),
  command({
    id: 'no',
    title: marked('No, leave it'),
    short: marked('no'),
    keys: ['n'],
    where: ['confirm'],
    footer: 89,
    listed: false,
    run: closeOverlay,
  }),
  command({
    id: 'next-field',
    title: marked('Next field; complete a path, in the palette a name'),
    short: world => (completes(world) ? t('complete') : t('next field')),
    keys: ['tab'],
    where: ['form', 'palette', 'send'],
    footer: 40,
    listed: false,
    disabled: world => (completes(world) ? null : oneField(world)),
    run: nextField(1),
  }),
  command({
    id: 'previous-field',
    title: marked('Previous field'),
    keys: ['shift-tab'],
    where: ['form', 'send'],
    listed: false,
    disabled: oneField,
    run: nextField(-1),
  }),
  command({
    id: 'previous-line',
    title: marked('Row or field above; in send line and palette: older history'),
    short: ({ view }) => t(rowWords[topOverlay(view)?.kind ?? ''] ?? marked('row above')),
    keys: ['up', 'ctrl-p'],
    where: withRows,
    footer: 15,
    listed: false,
    disabled: oneRow,
    run: context => moveChoice(context, { rows: -1 }),
  }),
  command({
    id: 'next-line',
    title: marked('Row or field below; in send line and palette: newer history'),
    keys: ['down', 'ctrl-n'],
    where: withRows,
    listed: false,
    disabled: oneRow,
    run: context => moveChoice(context, { rows: 1 }),
  }),
  command({
    id: 'page-list-up',
    title: marked('Up a page of the list'),
    keys: ['pageup'],
    where: ['help', 'palette', 'labs'],
    listed: false,
    run: context => moveChoice(context, { pages: -1 }),
  }),
  command({
    id: 'page-list-down',
    title: marked('Down a page of the list'),
    keys: ['pagedown'],
    where: ['help', 'palette', 'labs'],
    listed: false,
    run: context => moveChoice(context, { pages: 1 }),
  }),
  command({
    id: 'send-mode',
    title: marked('Send text with escapes, hex, or a file'),
    short: marked('text, hex, file'),
    keys: ['ctrl-t'],
    where: ['send'],
    footer: 45,
    listed: false,
    run: context => look(context, view => ({ mode: after(modes, view.mode) })),
  }),
  command({
    id: 'send-ending',
    title: marked('What a sent line ends with: CRLF, LF or nothing'),
    short: marked('ending'),
    keys: ['ctrl-o'],
    where: ['send'],
    footer: 50,
    listed: false,
    disabled: ({ view }, keyOf) =>
      view.mode === 'text' ? null : t`Only text gets an ending: ${doneBy(keyOf, 'send-mode')} chooses text`,
    run: nextEnding,
  }),
];
