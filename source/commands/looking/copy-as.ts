import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import { type BytesWanted, byteForms, type WrittenForm } from '../../core/bytes/bytes-wanted.ts';
import { type Parsed, parsed } from '../../core/language/parsed.ts';
import type { SocketState } from '../../core/model/state.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type Context,
  command,
  type Parameter,
  panePlaces,
  readerPlaces,
  refusal,
  say,
} from '../calling/command.ts';
import { topOverlay } from '../calling/overlays.ts';
import { oneOf } from '../calling/parameters.ts';
import { socketInFocus } from '../calling/targets.ts';
import { anySocketName, eitherWay } from '../keeping/save-bytes-commands.ts';
import { shownEntry } from './cause-commands.ts';
import { entriesNamed } from './entries-named.ts';

/** Bytes, once it is known where the person looks; or a sentence why there are none. */
type WhichBytes = (context: Context) => BytesWanted | string;

const ofSocket = ({ name, received }: SocketState): string => `${name} ${received > 0 ? 'received' : 'sent'}`;

/** What is looked at: the stream that is open, the entry under the cursor, else the socket in focus. */
const looked = (world: World): string => {
  const top = topOverlay(world.view);
  if (top?.kind === 'entry') return `#${top.n}`;
  const { focus } = world.view;
  const socket = focus === 'log' || focus === 'timeline' ? undefined : socketInFocus(world);
  return top?.kind === 'stream' || socket ? ofSocket(socketInFocus(world)!) : 'this';
};

const thisEntry: WhichBytes = context => {
  const entry = shownEntry(context);
  if (!entry) return t('the log is empty: there is nothing to copy');
  const named = entriesNamed(`#${entry.n}`);
  const numbers = named.ok ? named.value(context) : named.message;
  return typeof numbers === 'string' ? numbers : { kind: 'entries', entries: numbers };
};

/** `c1 received`, `c1 sent`, `#12`, `#12-#40`, `shown`; `this` is the entry under the cursor. */
const bytesNamed = (text: string, world: World): Parsed<WhichBytes> => {
  const written = text.trim();
  if (written === 'this') return parsed(thisEntry);
  const [name = '', way] = written.split(/\s+/);
  if (way !== undefined || shownBench(world).sockets.has(name)) {
    const socket = anySocketName.parse(name, world);
    if (!socket.ok) return socket;
    const direction = eitherWay.parse(way ?? 'received', world);
    if (!direction.ok) return direction;
    return parsed(() => ({ kind: 'socket', socket: socket.value, direction: direction.value }));
  }
  const entries = entriesNamed(written);
  if (!entries.ok) return entries;
  return parsed(context => {
    const numbers = entries.value(context);
    return typeof numbers === 'string' ? numbers : { kind: 'entries', entries: numbers };
  });
};

const whichBytes: Parameter<WhichBytes> = {
  title: marked('bytes'),
  hint: marked('c1 received, c1 sent, #12, #12-#40, shown (by the log), this (the entry under the cursor)'),
  fallback: looked,
  parse: bytesNamed,
};

export const copyAs = command<{ form: WrittenForm; bytes: WhichBytes }>({
  id: 'copy-as',
  title: marked('Copy bytes as text, hex, base64 or Python'),
  short: marked('copy as'),
  keys: ['Y'],
  where: [...panePlaces, ...readerPlaces],
  ask: true,
  footer: 9,
  disabled: world =>
    shownBench(world).entries === 0 ? t('Nothing has happened yet that could be copied') : null,
  parameters: { form: oneOf(marked('form'), byteForms, () => 'hex'), bytes: whichBytes },
  run: async (context, { form, bytes }) => {
    const wanted = bytes(context);
    if (typeof wanted === 'string') return refusal(wanted, { field: 'bytes' });
    const copied = await context.app.copyBytes?.(context.source, wanted, form);
    if (!copied) return refusal(t('Bytes cannot be copied here'));
    if (!copied.ok) return refusal(copied.message, { field: 'bytes' });
    say(context, copied.message);
    return null;
  },
});
