import { type Place as Found, findInStream } from '../../bench/view/find-stream.ts';
import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { createStreams } from '../../bench/view/streams.ts';
import { fieldText, offeredField } from '../../bench/view/text-field.ts';
import { shownBench } from '../../bench/view/view.ts';
import { type SoughtMode, type Span, soughtModes, spansOf } from '../../core/bytes/find-spans.ts';
import { parseHex } from '../../core/bytes/hex.ts';
import { parseEscapes } from '../../core/bytes/payload.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type Context,
  command,
  type KeyOf,
  look,
  type Place,
  type Result,
  refusal,
  say,
} from '../calling/command.ts';
import { doneBy } from '../calling/keymap.ts';
import { changeOverlay, closeOverlay, openOverlay, overlayOf } from '../calling/overlays.ts';
import { socketOfEntry } from '../calling/targets.ts';
import { shownEntry } from './cause-commands.ts';

export const soughtTitles: Readonly<Record<SoughtMode, string>> = {
  text: marked('text'),
  hex: marked('hex'),
  pattern: marked('regular expression'),
};

const openFind = (context: Context): void => {
  const { sought } = context.store.getState().view;
  openOverlay(context, { kind: 'search', what: 'find', input: offeredField(sought.text) });
};

const find = command({
  id: 'find',
  title: marked('Find in the stream: text, hex or a regular expression'),
  short: marked('find'),
  keys: ['/'],
  where: ['stream', 'entry'],
  footer: 33,
  listed: false,
  run: context => {
    const world = context.store.getState();
    if (!overlayOf(world, 'stream')) {
      const entry = shownEntry(context);
      const socket = entry && socketOfEntry(shownBench(world), entry);
      if (!socket) return refusal(t('This entry is about no socket whose stream could be searched'));
      openOverlay(context, { kind: 'stream', socket: socket.name, top: null });
    }
    openFind(context);
    return null;
  },
});

const nextMode = command({
  id: 'find-mode',
  title: marked('Find text, hex or a regular expression'),
  short: marked('text, hex, expression'),
  keys: ['ctrl-t'],
  where: ['search'],
  footer: 45,
  listed: false,
  disabled: world =>
    overlayOf(world, 'search')?.what === 'find' ? null : t('The log is searched by its words alone'),
  run: context =>
    look(context, ({ sought }) => ({
      sought: { ...sought, mode: soughtModes[(soughtModes.indexOf(sought.mode) + 1) % soughtModes.length]! },
    })),
});

/** The places of what is sought in a direction's bytes, or why it cannot be sought. */
const finderFor = (
  context: Context,
  { text, mode }: World['view']['sought'],
): ((bytes: Uint8Array) => Promise<readonly Span[] | string>) | string => {
  if (mode === 'pattern')
    return async bytes => {
      const found = await context.app.findPattern?.(text, bytes);
      if (!found) return t('Regular expressions cannot be sought here');
      return found.ok ? found.spans : found.message;
    };
  const read = mode === 'hex' ? parseHex(text) : parseEscapes(text);
  return read.ok ? async bytes => spansOf(bytes, read.value, mode === 'text') : read.message;
};

/** The place before (`by` -1) or after the one that is shown, coming round; the newest, where none is. */
const nextPlace = (places: readonly Found[], now: Found | undefined, by: 1 | -1): number => {
  if (!now) return by === -1 ? places.length - 1 : 0;
  const isBefore = (place: Found) => place.n < now.n || (place.n === now.n && place.from < now.from);
  const isAfter = (place: Found) => place.n > now.n || (place.n === now.n && place.from > now.from);
  if (by === -1) {
    const at = places.findLastIndex(isBefore);
    return at < 0 ? places.length - 1 : at;
  }
  const at = places.findIndex(isAfter);
  return at < 0 ? 0 : at;
};

const words = (overlay: OverlayOf<'stream'>, cut: boolean, text: string): string =>
  cut
    ? t`"${text}" is nowhere in what is shown of ${overlay.socket}'s stream; older bytes are left out`
    : t`"${text}" is nowhere in what is shown of ${overlay.socket}'s stream`;

/** Goes to a place of what is sought. */
const goTo = async (context: Context, by: 1 | -1): Promise<Result> => {
  const world = context.store.getState();
  const { sought } = world.view;
  const overlay = overlayOf(world, 'stream');
  const socket = overlay ? shownBench(world).sockets.get(overlay.socket) : undefined;
  if (!overlay || !socket) return null;
  const finder = finderFor(context, sought);
  if (typeof finder === 'string') return refusal(finder);
  const { chunks, cut } = createStreams(context.source.journal)(socket);
  const places = await findInStream(chunks, finder);
  if (typeof places === 'string') return refusal(places);
  if (places.length === 0) return refusal(words(overlay, cut, sought.text));
  const at = nextPlace(places, overlay.found, by);
  changeOverlay(context, 'stream', { found: places[at]!, top: 'found' });
  say(
    context,
    places.length === 1
      ? t`"${sought.text}", ${t(soughtTitles[sought.mode])}: 1 of 1 place`
      : t`"${sought.text}", ${t(soughtTitles[sought.mode])}: ${at + 1} of ${places.length} places`,
  );
  return null;
};

/** Enter in the line: remembers what is sought, and goes to its newest place. */
export const submitFind = async (context: Context): Promise<void> => {
  const line = overlayOf(context.store.getState(), 'search');
  if (!line) return;
  const text = fieldText(line.input);
  closeOverlay(context);
  look(context, ({ sought }) => ({ sought: { ...sought, text } }));
  changeOverlay(context, 'stream', { found: undefined });
  if (text === '') return;
  const refused = await goTo(context, -1);
  if (refused) say(context, refused.message, 'warning');
};

const nothingSought = ({ view }: World, keyOf: KeyOf): string | null =>
  view.sought.text === '' ? t`Nothing was sought in a stream yet: ${doneBy(keyOf, 'find')} does` : null;

const inStream: readonly Place[] = ['stream'];

export const findBytesCommands = [
  find,
  nextMode,
  command({
    id: 'find-older',
    title: marked('The place before, towards the start of the stream'),
    short: marked('older place'),
    keys: ['n'],
    where: inStream,
    footer: world => (world.view.sought.text === '' ? 0 : 31),
    listed: false,
    disabled: nothingSought,
    run: context => goTo(context, -1),
  }),
  command({
    id: 'find-newer',
    title: marked('The place after, towards the end of the stream'),
    keys: ['N'],
    where: inStream,
    listed: false,
    disabled: nothingSought,
    run: context => goTo(context, 1),
  }),
];
