import type { World } from '../../bench/view/store.ts';
import { fieldOf, fieldText } from '../../bench/view/text-field.ts';
import { formatBytes } from '../../core/bytes/bytes-text.ts';
import type { Parsed } from '../../core/language/parsed.ts';
import { formatRepeat, parseRepeat } from '../../core/language/repeat-text.ts';
import { repeatTrouble } from '../../core/model/repeat.ts';
import type { Repeat } from '../../core/model/repeat-plan.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { marked, t } from '../../core/words/translate.ts';
import { act, type Parameter, panePlaces, refusal, say } from '../calling/command.ts';
import { changeField } from '../calling/fields.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { openForm } from '../calling/invoke.ts';
import { doneBy } from '../calling/keymap.ts';
import { overlayOf } from '../calling/overlays.ts';
import { readWhileOpen } from '../calling/read-while-open.ts';
import { channel, missing } from '../calling/targets.ts';
import { endingFor, payloadOf } from './payload-line.ts';
import { repeatLine } from './repeat-line.ts';

const usual = 'every 1s 10 times';

/** What may be sent again and again on the socket in focus: an example. */
const example = (world: World): string => {
  const found = channel(world);
  if (typeof found === 'function' || !carriesDatagrams(found)) return `"hi \\{n}\\r\\n" ${usual}`;
  return `"hi \\{n}"${found.peer ? '' : ' to 127.0.0.1:51423'} ${usual}`;
};

const repeatValue: Parameter<Repeat> = {
  title: marked('what'),
  hint: marked(
    '"hi \\{n}\\r\\n" every 200ms 50 times; without a count until it is ended; to 127.0.0.1:9 before every. One that is due while another is in flight follows it at once',
  ),
  fallback: example,
  parse: (text): Parsed<Repeat> => parseRepeat(text),
};

const repeat = act<{ what: Repeat }>({
  id: 'repeat',
  title: marked('Send the same again and again on the socket in focus'),
  short: marked('repeat'),
  keys: [],
  where: panePlaces,
  ask: true,
  disabled: (world, keyOf) => missing(channel(world), keyOf),
  parameters: { what: repeatValue },
  run: async (context, { what }) => {
    const found = channel(context.store.getState());
    if (typeof found === 'function') return null;
    const data = await readWhileOpen(context, 'form', what.data);
    if (typeof data === 'string') return refusal(data, { field: 'what' });
    const whole = { ...what, data };
    const trouble = repeatLine(context.bench, { socket: found.name, repeat: whole });
    if (trouble !== null) return refusal(trouble, { field: 'what' });
    const end = doneBy(keysHere(context), 'repeat-or-stop');
    say(context, t`${found.name} sends ${formatRepeat(what, 60)}; ${end} ends it`);
    return null;
  },
});

const repeats = (world: World): boolean => {
  const found = channel(world);
  return typeof found !== 'function' && found.repeat !== undefined;
};

const repeatOrStop = act({
  id: 'repeat-or-stop',
  title: marked('Send the same again and again on the socket in focus, or end that'),
  short: world => (repeats(world) ? t('end repeat') : t('repeat')),
  keys: ['I'],
  where: panePlaces,
  footer: world => (repeats(world) ? 72 : 0),
  listed: false,
  disabled: (world, keyOf) => missing(channel(world), keyOf),
  run: context => {
    const found = channel(context.store.getState());
    if (typeof found === 'function') return;
    if (!found.repeat) return openForm(context, repeat);
    context.bench.setRepeat(found.name, null);
    say(context, t`${found.name} repeats no more`);
  },
});

const repeatTyped = act({
  id: 'repeat-line',
  title: marked('Send what is typed here again and again'),
  short: marked('repeat'),
  keys: ['ctrl-x'],
  where: ['send'],
  footer: 20,
  listed: false,
  disabled: world =>
    overlayOf(world, 'send')?.all ? t('One socket repeats at a time: choose one again') : null,
  run: context => {
    const world = context.store.getState();
    const send = overlayOf(world, 'send');
    const socket = send && world.bench.sockets.get(send.socket);
    if (!send || !socket) return null;
    const { mode } = world.view;
    const payload = payloadOf(send.payload, mode, endingFor(world.view, socket));
    if (!payload.ok) return refusal(payload.message);
    const to = send.address ? ` to ${fieldText(send.address)}` : '';
    const text = `${formatBytes(payload.value)}${to} ${usual}`;
    const trouble = repeatTrouble(send.socket, socket, { data: payload.value, to: null, every: 1, times: 1 });
    if (trouble !== null && !send.address) return refusal(trouble);
    openForm(context, repeat);
    changeField(context, ({ cut }) => ({ ...fieldOf(text), cut }));
    return null;
  },
});

export const repeatCommands = [repeat, repeatOrStop];

/** Behind what else the send line has. */
export const repeatLineCommands = [repeatTyped];
