import type { World } from '../../bench/view/store.ts';
import { type ByteForm, isStrip, rowsIn, type Stamps, shownBench } from '../../bench/view/view.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { Entry } from '../../core/model/entry.ts';
import { switchedOff } from '../../core/model/switched-off.ts';
import { endedText, entryText } from '../../core/words/entry-text.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type Context,
  command,
  look,
  panePlaces,
  readerPlaces,
  refusal,
  rowPlaces,
  say,
} from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { doneBy } from '../calling/keymap.ts';
import { openOverlay, overlayOf } from '../calling/overlays.ts';
import { socketInFocus, socketOfEntry } from '../calling/targets.ts';
import { causeCommands, shownEntry } from './cause-commands.ts';
import { codeTitle } from './code-titles.ts';
import { copyAs } from './copy-as.ts';
import { explainTitle } from './glossary-commands.ts';
import { chooseEntry, chosenEntry, followLog, toldEntry } from './log-window.ts';
import { streamText } from './stream-text.ts';

/** Enter in a program's pane is for the title: the cursor is on it, or there is no row. */
const isOnTitle = (world: World): boolean => {
  const { focus } = world.view;
  return isProgram(focus) && (!socketInFocus(world) || rowsIn(world.view, focus).onTitle === true);
};

const inspect = command({
  id: 'inspect',
  title: marked("Inspect: the entry, the stream of the socket in focus, or on a pane's title what it says"),
  short: world => (isOnTitle(world) ? t('what the title says') : t('inspect')),
  keys: ['enter'],
  where: rowPlaces,
  // At the first start other keys are wanted more.
  footer: world => (socketInFocus(world) || world.view.focus === 'log' ? 68 : 17),
  disabled: world => {
    if (world.view.focus === 'log') return shownBench(world).entries > 0 ? null : t('The log is empty');
    return socketInFocus(world) || isProgram(world.view.focus)
      ? null
      : t('Nothing is open here to look into');
  },
  run: context => {
    const world = context.store.getState();
    if (world.view.focus === 'log') {
      const n = toldEntry(context, world);
      if (n === 0) return refusal(t('The log is empty'));
      chooseEntry(context, n);
      openOverlay(context, { kind: 'entry', n, top: 0 });
      return null;
    }
    const socket = socketInFocus(world);
    if (isOnTitle(world)) explainTitle(context);
    else if (socket) openOverlay(context, { kind: 'stream', socket: socket.name, top: null });
    return null;
  },
});

const forms: readonly ByteForm[] = ['text', 'hex', 'raw'];
const formTitles: Readonly<Record<ByteForm, string>> = {
  text: marked('text with escapes'),
  hex: marked('text and hex'),
  raw: marked('raw text, controls escaped, lines as they came'),
};

const bytes = command({
  id: 'bytes',
  title: marked('Show bytes as text, with hex, or raw'),
  short: marked('text or hex'),
  keys: ['v'],
  where: [...panePlaces, ...readerPlaces],
  footer: 16,
  run: context => {
    const { form, overlays } = context.store.getState().view;
    const next = forms[(forms.indexOf(form) + 1) % forms.length]!;
    look(context, { form: next });
    say(
      context,
      overlays.length > 0
        ? t`Bytes: ${t(formTitles[next])}`
        : t`Bytes: ${t(formTitles[next])}; ${doneBy(keysHere(context), 'inspect')} opens an entry or a stream`,
    );
  },
});

const stampOrder: readonly Stamps[] = ['relative', 'clock', 'delta'];
const stampTitles: Readonly<Record<Stamps, string>> = {
  relative: marked('seconds since the bench began'),
  clock: marked('time of day'),
  delta: marked('seconds since the entry before'),
};

const stamps = command({
  id: 'timestamps',
  title: marked('Timestamps: since the start, time of day, or since the entry before'),
  short: marked('timestamps'),
  keys: ['T'],
  where: panePlaces,
  footer: 10,
  run: context => {
    const { log } = context.store.getState().view;
    const next = stampOrder[(stampOrder.indexOf(log.stamps) + 1) % stampOrder.length]!;
    look(context, { log: { ...log, stamps: next } });
    say(context, t`Timestamps: ${t(stampTitles[next])}`);
  },
});

const fold = command({
  id: 'fold-calls',
  title: marked('A call and its end in the log: one row, or two as strace prints them'),
  short: ({ view }) => (view.log.folded ? t('unfold') : t('fold')),
  keys: ['u'],
  where: panePlaces,
  footer: 11,
  run: context => {
    const { log } = context.store.getState().view;
    const folded = !log.folded;
    look(context, { log: { ...log, folded } });
    if (log.selected !== null) chooseEntry(context, log.selected);
    say(
      context,
      folded
        ? t('A call and its end are one row, where the call began')
        : t('A call and its end are two rows, as strace prints them'),
    );
  },
});

const follow = command({
  id: 'follow',
  title: marked('Follow the end of the log, or stop following'),
  short: marked('follow'),
  keys: ['F'],
  where: rowPlaces,
  footer: 14,
  run: context => {
    look(context, { strip: 'log' });
    const world = context.store.getState();
    if (world.view.log.bottom !== null) return followLog(context);
    const n = chosenEntry(context, world);
    if (n > 0) chooseEntry(context, n);
  },
});

const freeze = command({
  id: 'freeze',
  title: marked('Freeze the view, or let it go on; capturing never stops'),
  short: marked('freeze'),
  keys: ['p'],
  where: [...panePlaces, ...readerPlaces],
  footer: 22,
  disabled: ({ view }, keyOf) =>
    view.replay ? t`In a replay ${doneBy(keyOf, 'play')}, on the time bar, stops the time` : null,
  run: context => {
    const { view, bench } = context.store.getState();
    look(context, { frozen: view.frozen ? null : bench, frozenAt: context.source.now() });
    say(
      context,
      view.frozen
        ? t('The view goes on')
        : t`The view is frozen, the capture goes on: ${doneBy(keysHere(context), 'freeze')} lets it go on`,
    );
  },
});

/** More than any call carries. */
const allOfIt = 1_000_000;

/** An entry in the words of its row. */
const rowText = (context: Context, { view }: World, entry: Entry): string =>
  view.log.folded && entry.kind === 'ended'
    ? endedText(entry, allOfIt, { whole: true, off: switchedOff(entry, context.source.journal.at) })
    : entryText(entry, allOfIt);

/** What `y` takes, and what to call it; null where there is nothing. */
const copied = (context: Context, world: World): { text: string; what: string } | null => {
  const bench = shownBench(world);
  const code = overlayOf(world, 'code');
  if (code) return { text: code.code[code.form], what: codeTitle(code) };
  const stream = overlayOf(world, 'stream');
  const socket = stream ? bench.sockets.get(stream.socket) : undefined;
  if (socket)
    return {
      text: streamText(context.source.journal, socket, world.view.form),
      what: t`${socket.name}'s stream`,
    };
  if (stream || isStrip(world.view.focus) || overlayOf(world, 'entry')) {
    const entry = shownEntry(context);
    return entry ? { text: rowText(context, world, entry), what: t`entry #${entry.n}` } : null;
  }
  const current = socketInFocus(world);
  const address = current?.local ?? current?.peer;
  return current && address ? { text: formatEndpoint(address), what: t`${current.name}'s address` } : null;
};

const copy = command({
  id: 'copy',
  title: marked('Copy: the entry, the stream, the code, or the address in focus'),
  short: marked('copy'),
  keys: ['y'],
  where: [...panePlaces, ...readerPlaces],
  footer: 24,
  run: async context => {
    const found = copied(context, context.store.getState());
    if (!found) return refusal(t('There is nothing to copy here'));
    say(context, t`${found.what}: ${await context.app.copy(found.text)}`);
    return null;
  },
});

const clearLog = command({
  id: 'clear-log-now',
  title: marked('Clear the log without asking'),
  keys: [],
  where: [],
  listed: false,
  run: context =>
    look(context, view => ({
      log: { ...view.log, clearedTo: context.source.state().entries, bottom: null, selected: null },
    })),
});

const clear = command({
  id: 'clear-log',
  title: marked('Clear the log'),
  short: marked('clear'),
  keys: ['C'],
  where: panePlaces,
  footer: 8,
  run: context => {
    const { view, bench } = context.store.getState();
    const count = bench.entries - Math.max(view.log.clearedTo, bench.dropped);
    if (count <= 0) return refusal(t('The log is empty already'));
    openOverlay(context, {
      kind: 'confirm',
      question:
        count === 1
          ? t('Clear the log? 1 entry leaves the screen; sockets and counters stay.')
          : t`Clear the log? ${count} entries leave the screen; sockets and counters stay.`,
      command: 'clear-log-now',
      values: {},
    });
    return null;
  },
});

const streamOfEntry = command({
  id: 'stream',
  title: marked("The stream of the entry's socket"),
  short: marked('stream'),
  keys: ['s'],
  where: ['entry'],
  footer: 30,
  listed: false,
  run: context => {
    const entry = shownEntry(context);
    const bench = shownBench(context.store.getState());
    const socket = entry && socketOfEntry(bench, entry);
    if (!socket) return refusal(t('This entry is about no socket that is still known'));
    openOverlay(context, { kind: 'stream', socket: socket.name, top: null });
    return null;
  },
});

export const lookCommands = [
  inspect,
  bytes,
  stamps,
  fold,
  follow,
  freeze,
  copy,
  copyAs,
  clear,
  clearLog,
  ...causeCommands,
  streamOfEntry,
];
