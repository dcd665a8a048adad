import type { World } from '../../bench/view/store.ts';
import { fieldOf, fieldText } from '../../bench/view/text-field.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import type { Program } from '../../core/model/actors.ts';
import {
  nameTrouble,
  type SavedMessage,
  type SavedRow,
  type SavedValue,
  savedRows,
} from '../../core/model/saved-names.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type Context,
  command,
  type KeyOf,
  look,
  type Parameter,
  type Place,
  panePlaces,
  type Result,
  refusal,
  type SavedChange,
  say,
} from '../calling/command.ts';
import { changeField } from '../calling/fields.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { openForm, pressNamed } from '../calling/invoke.ts';
import { doneBy } from '../calling/keymap.ts';
import {
  changeOverlay,
  closeOverlay,
  openOverlay,
  overlayOf,
  rowUnderCursor,
  topOverlay,
} from '../calling/overlays.ts';
import { programInFocus } from '../calling/targets.ts';
import { endingFor } from '../sockets/payload-line.ts';
import {
  lastDone,
  readSavedValue,
  rowWords,
  savedValueHint,
  savedValueText,
  sendLineOf,
} from './saved-value.ts';

const rowsIn = ({ view }: World): readonly SavedRow[] => savedRows(view.saved);

const nothingKept = (world: World, keyOf: KeyOf): string | null =>
  rowsIn(world).length > 0
    ? null
    : t`Nothing is kept under a name yet: ${doneBy(keyOf, 'keep')} keeps the address, message or rule of what was done last`;

/** Shows what the settings hold now: another sockbench may have added to it. */
const take = (context: Context, change: SavedChange | undefined, field: string): Result => {
  if (!change) return refusal(t('Nothing can be kept under a name here'));
  if (!change.ok) return refusal(change.message, { field });
  look(context, { saved: change.saved });
  return null;
};

const newName: Parameter<string> = {
  title: marked('name'),
  hint: marked('a name of your own: a letter first, then letters, digits, _ - and .'),
  fallback: () => '',
  parse: (text): Parsed<string> => {
    const name = text.trim();
    const trouble = nameTrouble(name);
    return trouble === null ? parsed(name) : refused(trouble, 0, text.length);
  },
};

const keep = command<{ name: string; what: SavedValue }>({
  id: 'keep',
  title: marked('Keep an address, a message or a rule under a name: that of what was done last'),
  short: marked('keep by name'),
  keys: ['K'],
  where: [...panePlaces, 'stream'],
  ask: true,
  footer: 7,
  parameters: {
    name: newName,
    what: { title: marked('what'), hint: savedValueHint, fallback: lastDone, parse: readSavedValue },
  },
  run: async (context, { name, what }) => {
    const before = rowsIn(context.store.getState()).find(row => row.name === name);
    const refused = take(context, await context.app.saved?.keep(name, what), 'name');
    if (refused) return refused;
    const use = doneBy(keysHere(context), 'saved-next');
    const now = rowWords({ name, ...what });
    say(
      context,
      before
        ? t`${now}, no more ${savedValueText(before)}; ${use} puts it into a form or the send line`
        : t`${now}; ${use} puts it into a form or the send line`,
    );
    return null;
  },
});

const keptName: Parameter<string> = {
  title: marked('name'),
  hint: marked('the name of an address, a message or a rule that is kept'),
  parse: (text, world) => {
    const name = text.trim();
    const names = rowsIn(world).map(row => row.name);
    if (names.includes(name)) return parsed(name);
    return refused(
      names.length > 0
        ? t`nothing is kept under the name ${name}: there are ${names.join(', ')}`
        : t`nothing is kept under the name ${name}`,
      0,
      text.length,
    );
  },
};

const forget = command<{ name: string }>({
  id: 'forget',
  title: marked('Forget an address, a message or a rule that is kept under a name'),
  keys: [],
  where: [],
  ask: true,
  disabled: nothingKept,
  parameters: { name: keptName },
  run: async (context, { name }) => {
    const before = rowsIn(context.store.getState()).find(row => row.name === name);
    const refused = take(context, await context.app.saved?.forget(name), 'name');
    if (!refused) say(context, t`Forgotten: ${before ? rowWords(before) : name}`);
    return refused;
  },
});

const list = command({
  id: 'saved',
  title: marked('Addresses, messages and rules kept under names: use, forget'),
  short: marked('kept names'),
  keys: ['B'],
  where: panePlaces,
  footer: 6,
  disabled: nothingKept,
  run: context => openOverlay(context, { kind: 'saved', at: 0 }),
});

const here: readonly Place[] = ['saved'];

const chosen = (world: World): SavedRow | undefined => rowUnderCursor(world, 'saved', rowsIn(world));

const nothingChosen = (world: World): string | null => (chosen(world) ? null : t('Nothing is kept any more'));

const forgetChosen = command({
  id: 'saved-forget',
  title: marked('Forget what is kept under this name'),
  short: marked('forget'),
  keys: ['d'],
  where: here,
  footer: 60,
  listed: false,
  disabled: nothingChosen,
  run: context => {
    const row = chosen(context.store.getState());
    if (!row) return;
    openOverlay(context, {
      kind: 'confirm',
      question: t`Forget ${rowWords(row)}?`,
      command: 'forget',
      values: { name: row.name },
    });
  },
});

/** Puts a message into the send line that is open, with what makes it the same bytes. */
const putMessage = (context: Context, name: string, message: SavedMessage): void => {
  const line = sendLineOf(message);
  const send = overlayOf(context.store.getState(), 'send');
  const socket = send ? context.source.state().sockets.get(send.socket) : undefined;
  look(context, view => {
    const isSo = line.ending === null || line.ending === endingFor(view, socket);
    return { mode: message.mode, ending: isSo ? view.ending : line.ending };
  });
  changeOverlay(context, 'send', { payload: fieldOf(line.text), refusal: null });
  say(context, t`${name}, as it is kept`);
};

/** The value of a row that stands in one field. */
const fieldValue = (row: Exclude<SavedRow, { kind: 'message' }>): string =>
  row.kind === 'endpoint' ? row.address : row.rule;

/** What opens where an address belongs, by the program in focus. */
const formFor: Readonly<Record<Program, string>> = {
  client: 'connect',
  'tcp-server': 'listen',
  'udp-server': 'open',
};

const openWith = (context: Context, row: Exclude<SavedRow, { kind: 'message' }>): void => {
  const id = row.kind === 'rule' ? 'add-rule' : formFor[programInFocus(context.store.getState())];
  const form = context.keymap.commands.find(each => each.id === id);
  if (!form) return;
  const reason = form.disabled(context.store.getState(), keysHere(context));
  if (reason !== null) return say(context, reason, 'warning');
  openForm(context, form);
  const fields = overlayOf(context.store.getState(), 'form')?.fields ?? [];
  changeOverlay(context, 'form', {
    at: Math.max(
      0,
      fields.findIndex(({ kept }) => kept === row.kind),
    ),
  });
  changeField(context, ({ cut }) => ({ ...fieldOf(fieldValue(row)), cut }));
};

const useChosen = command({
  id: 'saved-use',
  title: marked('Use it: an address or a rule in a form, a message in the send line'),
  short: marked('use'),
  keys: ['enter'],
  where: here,
  footer: 90,
  listed: false,
  disabled: nothingChosen,
  run: context => {
    const row = chosen(context.store.getState());
    if (!row) return;
    closeOverlay(context);
    if (row.kind !== 'message') return openWith(context, row);
    pressNamed(context, 'send');
    if (overlayOf(context.store.getState(), 'send')) putMessage(context, row.name, row.message);
  },
});

/** The field that has the keys: of an address, of a message, of a rule, or of something else. */
const fieldKind = ({ view }: World): SavedRow['kind'] | null => {
  const top = topOverlay(view);
  if (top?.kind === 'send') return top.at === 'address' ? 'endpoint' : 'message';
  return top?.kind === 'form' ? (top.fields[top.at]?.kept ?? null) : null;
};

/** The one after what stands there; where that is none of them, the first whose name begins so, or the first. */
const following = (rows: readonly SavedRow[], now: string): SavedRow | undefined => {
  const at = rows.findIndex(row =>
    row.kind === 'message' ? sendLineOf(row.message).text === now : fieldValue(row) === now,
  );
  if (at >= 0) return rows[(at + 1) % rows.length];
  return rows.find(({ name }) => now !== '' && name.startsWith(now)) ?? rows[0];
};

const noneKept: Readonly<Record<SavedRow['kind'], string>> = {
  endpoint: marked('No address is kept yet'),
  message: marked('No message is kept yet'),
  rule: marked('No rule is kept yet'),
};

const next = command({
  id: 'saved-next',
  title: marked('The next address, message or rule that is kept under a name'),
  short: marked('kept'),
  keys: ['ctrl-r'],
  where: ['form', 'send'],
  footer: world => (rowsIn(world).some(({ kind }) => kind === fieldKind(world)) ? 42 : 0),
  listed: false,
  disabled: nothingKept,
  run: context => {
    const world = context.store.getState();
    const kind = fieldKind(world);
    if (!kind) return refusal(t('Nothing that is kept belongs into this field'));
    const top = topOverlay(world.view);
    const field = top?.kind === 'form' ? top.fields[top.at]?.field : undefined;
    const send = overlayOf(world, 'send');
    const now = field ?? (send?.at === 'address' ? send.address : send?.payload);
    const row = following(
      rowsIn(world).filter(each => each.kind === kind),
      now ? fieldText(now) : '',
    );
    if (!row) return refusal(t(noneKept[kind]));
    if (row.kind === 'message') putMessage(context, row.name, row.message);
    else {
      changeField(context, ({ cut }) => ({ ...fieldOf(fieldValue(row)), cut }));
      say(context, t`${row.name}, as it is kept`);
    }
    return null;
  },
});

export const savedCommands = [keep, forget, list, useChosen, forgetChosen, next];
