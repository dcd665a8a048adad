import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import { type BytesWanted, type Direction, directions } from '../../core/bytes/bytes-wanted.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type Context, command, type Parameter, type Result, refusal, say } from '../calling/command.ts';
import { anyText, oneOf } from '../calling/parameters.ts';
import { socketInFocus } from '../calling/targets.ts';
import { entriesNamed, lookedAtEntry, type WhichEntries } from '../looking/entries-named.ts';
import { timeStamp } from './save.ts';

const save = async (context: Context, wanted: BytesWanted, file: string): Promise<Result> => {
  const saved = await context.app.saveBytes?.(context.source, wanted, file);
  if (!saved) return refusal(t('Bytes cannot be saved here'));
  if (!saved.ok) return refusal(saved.message, { field: 'file' });
  say(context, saved.message);
  return null;
};

/** A socket of what is shown, open or closed. */
export const anySocketName: Parameter<string> = {
  title: marked('socket'),
  hint: marked('c1, s1, a1, u1: open, or closed a while ago'),
  fallback: world => socketInFocus(world)?.name ?? '',
  parse: (text, world): Parsed<string> => {
    const name = text.trim();
    const { sockets } = shownBench(world);
    if (sockets.has(name)) return parsed(name);
    const known = [...sockets.keys()].slice(-8).join(', ');
    const none =
      known === '' ? t`there is no socket ${name}` : t`there is no socket ${name}: there are ${known}`;
    return refused(none, 0, name.length);
  },
};

/** What was received, where that is anything. */
export const eitherWay: Parameter<Direction> = oneOf(marked('direction'), directions, world => {
  const socket = socketInFocus(world);
  return socket && socket.received === 0 && socket.sent > 0 ? 'sent' : 'received';
});

const newFile: Parameter<string> = {
  ...anyText(
    marked('file'),
    marked('a new file, in the folder sockbench was started in; only you can read it'),
  ),
  fallback: () => `sockbench-${timeStamp(new Date())}.bin`,
  isPath: true,
};

const noSocket = (world: World): string | null =>
  shownBench(world).sockets.size === 0 ? t('No socket was opened yet whose bytes could be saved') : null;

export const saveBytesCommands = [
  command<{ socket: string; direction: Direction; file: string }>({
    id: 'save-bytes',
    title: marked('Save what a socket received or sent: its bytes, nothing else'),
    short: marked('save bytes'),
    keys: ['S'],
    where: ['stream'],
    typedAs: /^save(?=\s+\S+\s+(?:received|sent)(?:\s|$))/,
    ask: true,
    footer: 28,
    disabled: noSocket,
    parameters: { socket: anySocketName, direction: eitherWay, file: newFile },
    run: (context, { socket, direction, file }) =>
      save(context, { kind: 'socket', socket, direction }, file.trim()),
  }),
  command<{ entries: WhichEntries; file: string }>({
    id: 'save-entries',
    title: marked('Save the bytes that calls of the log carried: one, some, or those shown'),
    short: marked('save bytes'),
    keys: ['S'],
    where: ['entry'],
    typedAs: /^save(?=\s+(?:#\d|shown(?:\s|$)))/,
    ask: true,
    footer: 28,
    disabled: world => (shownBench(world).entries === 0 ? t('The log is empty') : null),
    parameters: {
      entries: {
        title: marked('entries'),
        hint: marked('#12, #12-#40, or shown: those that the log shows through its filter'),
        fallback: world => lookedAtEntry(world),
        parse: entriesNamed,
      },
      file: newFile,
    },
    run: (context, { entries, file }) => {
      const numbers = entries(context);
      if (typeof numbers === 'string') return refusal(numbers, { field: 'entries' });
      return save(context, { kind: 'entries', entries: numbers }, file.trim());
    },
  }),
];
