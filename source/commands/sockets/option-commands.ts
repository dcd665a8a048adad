import type { OptionReading, Overlay, OverlayOf } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { fieldOf, offeredField } from '../../bench/view/text-field.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { parseCall } from '../../core/language/line.ts';
import { parsed, refused } from '../../core/language/parsed.ts';
import type { SocketState } from '../../core/model/state.ts';
import { explain } from '../../core/words/errors.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type ActingContext,
  act,
  type Context,
  look,
  type Parameter,
  type Place,
  panePlaces,
  type Result,
  refusal,
  say,
} from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { openOverlay, overlayOf } from '../calling/overlays.ts';
import { performed, refusalOf } from '../calling/performed.ts';
import { anySocket, missing, type Target } from '../calling/targets.ts';
import { type OptionRow, optionsOf, settableNames, settableOption } from './option-list.ts';

const here: readonly Place[] = ['options'];

/** Changes the overlay of a socket's options wherever it lies: a form may lie over it. */
const changeOptions = (
  context: Context,
  socket: string,
  change: (overlay: OverlayOf<'options'>) => OverlayOf<'options'>,
): void =>
  look(context, view => ({
    overlays: view.overlays.map(
      (overlay): Overlay =>
        overlay.kind === 'options' && overlay.socket === socket ? change(overlay) : overlay,
    ),
  }));

const readingOf = (outcome: Outcome, call: Call): OptionReading => {
  switch (outcome.kind) {
    case 'number':
      return { value: String(outcome.number), note: outcome.fallback ?? t('kernel'), known: true };
    case 'text':
      return { value: outcome.text, note: outcome.fallback ?? t('kernel'), known: true };
    case 'error': {
      const { code, sentence } = explain(outcome, call);
      const why = outcome.code === 'UNSUPPORTED' ? (outcome.detail ?? sentence) : `${sentence} (${code})`;
      return { value: '', note: why, known: false };
    }
    default:
      return { value: '', note: '', known: false };
  }
};

/** What an option is now. No call of the person's: the log would drown in them. */
const ask = async (
  context: ActingContext,
  on: string,
  { level, option }: OptionRow,
): Promise<OptionReading> => {
  const call = { name: 'getsockopt', on, level, option } as const;
  return readingOf(await context.bench.ask(call), call);
};

const refresh = async (context: ActingContext, socket: SocketState): Promise<void> => {
  const asked = optionsOf(socket).filter(row => !row.unread);
  const readings = await Promise.all(
    asked.map(async row => [row.option, await ask(context, socket.name, row)] as const),
  );
  changeOptions(context, socket.name, overlay => ({ ...overlay, readings: Object.fromEntries(readings) }));
};

const options = act({
  id: 'options',
  title: marked('Socket options: what they are now, and setting them; TCP_INFO'),
  short: marked('options'),
  keys: ['O'],
  where: panePlaces,
  footer: 23,
  disabled: (world, keyOf) => missing(anySocket(world), keyOf),
  run: async context => {
    const found = anySocket(context.store.getState());
    if (typeof found === 'function') return refusal(found(keysHere(context)));
    openOverlay(context, { kind: 'options', socket: found.name, at: 0, readings: {} });
    await refresh(context, found);
    return null;
  },
});

const shownSocket = (world: World): Target => {
  const overlay = overlayOf(world, 'options');
  const socket = overlay ? shownBench(world).sockets.get(overlay.socket) : undefined;
  if (socket && !socket.closed) return socket;
  return () => (overlay ? t`${overlay.socket} is closed` : t('The socket is closed'));
};

const askAgain = act({
  id: 'options-read',
  title: marked('Ask the kernel again for every option'),
  short: marked('ask again'),
  keys: ['r'],
  where: here,
  footer: 60,
  listed: false,
  disabled: (world, keyOf) => missing(shownSocket(world), keyOf),
  run: async context => {
    const socket = shownSocket(context.store.getState());
    if (typeof socket === 'function') return refusal(socket(keysHere(context)));
    await refresh(context, socket);
    say(context, t`${socket.name}: every option asked again`);
    return null;
  },
});

/** The row under the cursor. */
const chosenOption = (
  overlay: OverlayOf<'options'>,
  socket: SocketState | undefined,
): OptionRow | undefined => {
  const rows = socket ? optionsOf(socket) : [];
  return rows[Math.min(overlay.at, rows.length - 1)];
};

/** Why an option cannot be set now, or ''. */
const unsettable = (row: OptionRow, reading: OptionReading | undefined): string => {
  if (row.takes === '') return t`${row.option} can only be read`;
  return row.native && reading && !reading.known ? reading.note : '';
};

/** Opens the form for the chosen option with its value as it is now. */
const setChosen = act({
  id: 'options-set',
  title: marked('Set the chosen option'),
  short: marked('set'),
  keys: ['enter'],
  where: here,
  footer: 68,
  listed: false,
  disabled: (world, keyOf) => missing(shownSocket(world), keyOf),
  run: context => {
    const overlay = overlayOf(context.store.getState(), 'options');
    const socket = shownSocket(context.store.getState());
    if (!overlay || typeof socket === 'function') return null;
    const row = chosenOption(overlay, socket);
    if (!row) return null;
    const reading = overlay.readings[row.option];
    const why = unsettable(row, reading);
    if (why !== '') return refusal(why);
    openOverlay(context, {
      kind: 'form',
      command: 'set-option',
      fields: [
        { name: 'option', field: fieldOf(row.option) },
        { name: 'value', field: offeredField(reading?.value ?? '') },
      ],
      at: 1,
      refusal: null,
      busy: false,
    });
    return null;
  },
});

const optionName: Parameter<OptionRow> = {
  title: marked('option'),
  hint: marked('its name, as in SO_RCVBUF or TCP_NODELAY'),
  parse: text => {
    const row = settableOption(text);
    return row ? parsed(row) : refused(t`"${text}" is none of ${settableNames.join(', ')}`);
  },
};

/** The value as the line grammar reads it; `off` is a value of SO_LINGER's own. */
const optionValue: Parameter<number | string> = {
  title: marked('value'),
  hint: marked(
    '1 or 0 (on, off); bytes as 65536 or 64KiB; SO_LINGER: 5s or off; a group as 239.1.1.1@127.0.0.1',
  ),
  parse: text => {
    if (text.trim() === 'off') return parsed('off');
    const lead = 'c1.setsockopt SOL_SOCKET SO_X ';
    const call = parseCall(lead + text);
    if (!call.ok) return { ...call, column: Math.max(0, call.column - lead.length) };
    return call.value.name === 'setsockopt' ? parsed(call.value.value) : refused(t('this is no value'));
  },
};

const valueFor = (row: OptionRow, value: number | string): number | string =>
  value === 'off' && row.option !== 'SO_LINGER' ? 0 : value;

const setOption = act<{ option: OptionRow; value: number | string }>({
  id: 'set-option',
  title: marked('Set a socket option of the socket in focus'),
  keys: [],
  where: [],
  ask: true,
  disabled: (world, keyOf) => missing(anySocket(world), keyOf),
  parameters: { option: optionName, value: optionValue },
  run: async (context, { option: row, value: written }): Promise<Result> => {
    const found = anySocket(context.store.getState());
    if (typeof found === 'function') return refusal(found(keysHere(context)));
    const { level, option } = row;
    const value = valueFor(row, written);
    const call: Call = { name: 'setsockopt', on: found.name, level, option, value };
    const outcome = await performed(context, call);
    if (outcome.kind === 'error') return refusalOf(outcome, call, { field: 'value' });
    if (row.unread) say(context, t`${found.name}: ${option} ${value} done`);
    else {
      const reading = await ask(context, found.name, row);
      changeOptions(context, found.name, overlay => ({
        ...overlay,
        readings: { ...overlay.readings, [option]: reading },
      }));
      say(context, t`${found.name}: ${option} is ${reading.value} now`);
    }
    return null;
  },
});

export const optionCommands = [options, askAgain, setChosen, setOption];
