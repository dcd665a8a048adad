import fuzzysort from 'fuzzysort';
import { emptyField, fieldOf, fieldText } from '../../bench/view/text-field.ts';
import { nearest } from '../../core/language/suggest.ts';
import type { Values } from '../../core/language/values.ts';
import { t } from '../../core/words/translate.ts';
import { type Command, type Context, look, type Result, refusal } from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { type Interpretation, interpret, runInterpreted } from '../calling/interpret.ts';
import { pressCommand } from '../calling/invoke.ts';
import { changeOverlay, closeOverlay, overlayOf } from '../calling/overlays.ts';
import { lastHeard, sendsSecret } from '../sockets/secret-line.ts';
import { translatedTitle } from './help-commands.ts';

/** A row of the palette: what was typed, read as a call or a command with its values, or a command that matches. */
export type PaletteItem =
  | {
      readonly kind: 'typed';
      readonly interpretation: Exclude<Interpretation, { kind: 'error' }>;
      readonly text: string;
    }
  | { readonly kind: 'command'; readonly command: Command };

type Typed = Extract<PaletteItem, { kind: 'typed' }>;

const looksLikeCall = (text: string): boolean => /^[a-z]\w*\s*[.=(]/i.test(text);

const words = (text: string): string => text.toLowerCase().replace(/[\s-]+/g, ' ');

/** Whether a text is a command's name or title, or the start of one; spaces stand for the dashes of a name. */
const begins = ({ id, title }: Command, text: string): boolean =>
  [id, title, t(title)].some(name => words(name).startsWith(words(text)));

/** What the text begins first, then what was probably meant, then what is like it. */
const matching = (commands: readonly Command[], text: string): readonly Command[] => {
  const listed = commands.filter(command => command.listed);
  if (text === '') return listed;
  const keys = ['id', 'title', translatedTitle];
  const found = fuzzysort.go(text, listed, { keys, threshold: 0.3 }).map(result => result.obj);
  const meant = nearest(
    text,
    listed.map(({ id }) => id),
  );
  return [
    ...new Set([
      ...found.filter(command => begins(command, text)),
      ...listed.filter(({ id }) => id === meant),
      ...found,
    ]),
  ];
};

/** What Enter may run, the likeliest first. */
export const paletteItems = (
  commands: readonly Command[],
  typed: string,
  values: Values,
): readonly PaletteItem[] => {
  const text = typed.trim();
  const interpretation = text === '' ? null : interpret(text, commands, values);
  const items: PaletteItem[] = [];
  const bare = interpretation?.kind === 'command' && Object.keys(interpretation.written).length === 0;
  if (interpretation && interpretation.kind !== 'error' && !bare)
    items.push({ kind: 'typed', interpretation, text });
  if (looksLikeCall(text)) return items;
  return [...items, ...matching(commands, text).map(command => ({ kind: 'command' as const, command }))];
};

export const emptyPalette = {
  kind: 'palette',
  input: emptyField,
  at: 0,
  recall: 0,
  refusal: null,
  busy: false,
} as const;

const remember = (context: Context, text: string): void =>
  look(context, view => ({
    history: {
      ...view.history,
      palette: [...view.history.palette.filter(old => old !== text), text].slice(-100),
    },
  }));

/** What sends a secret is no line for the history. */
const isHarmless = (context: Context, { interpretation }: Typed): boolean => {
  if (interpretation.kind !== 'line' || interpretation.line.kind !== 'call') return true;
  const { call } = interpretation.line;
  const socket = context.source.state().sockets.get(call.on);
  return !sendsSecret(call, socket ? lastHeard(context.source.journal, socket) : '');
};

const runTyped = async (context: Context, item: Typed): Promise<void> => {
  if (isHarmless(context, item)) remember(context, item.text);
  changeOverlay(context, 'palette', { busy: true, refusal: null });
  const result: Result = await runInterpreted(context, item.interpretation);
  if (!overlayOf(context.store.getState(), 'palette')) return;
  if (result) changeOverlay(context, 'palette', { busy: false, refusal: result });
  else closeOverlay(context);
};

/** A row that was not gone to runs only by its name or the start of it: what a typo is like is asked about. */
const isGuess = (item: PaletteItem, text: string, at: number): boolean =>
  item.kind === 'command' && at === 0 && !begins(item.command, text.trim());

/**
 * Enter in the palette: runs what was typed, by name, or the row that was chosen. What cannot be read is refused at its
 * column and stays.
 */
export const submitPalette = async (context: Context): Promise<void> => {
  const { commands } = context.keymap;
  const overlay = overlayOf(context.store.getState(), 'palette');
  if (!overlay || overlay.busy) return;
  const text = fieldText(overlay.input);
  const { values } = context.store.getState().view;
  const item = paletteItems(commands, text, values)[overlay.at];
  if (item?.kind === 'command' && isGuess(item, text, overlay.at)) {
    const [typed, meant] = [text.trim(), item.command.id];
    const key = keysHere(context)('next-field');
    const message =
      key === ''
        ? t`"${typed}" is no command: did you mean ${meant}?`
        : t`"${typed}" is no command: did you mean ${meant}? ${key} completes it`;
    return changeOverlay(context, 'palette', { refusal: refusal(message) });
  }
  if (!item) {
    const interpretation = interpret(text.trim(), commands, values);
    if (interpretation.kind !== 'error') return;
    const lead = text.length - text.trimStart().length;
    const { message, column } = interpretation;
    const at = column === null ? null : column + lead;
    return changeOverlay(context, 'palette', { refusal: refusal(message, { column: at }) });
  }
  if (item.kind === 'typed') return runTyped(context, item);
  closeOverlay(context);
  pressCommand(context, item.command);
};

/** Tab: the chosen command's name, to go on writing. */
export const completePalette = (context: Context): void => {
  const { commands } = context.keymap;
  const overlay = overlayOf(context.store.getState(), 'palette');
  const item = overlay
    ? paletteItems(commands, fieldText(overlay.input), context.store.getState().view.values)[overlay.at]
    : undefined;
  if (item?.kind !== 'command') return;
  changeOverlay(context, 'palette', { input: fieldOf(`${item.command.id} `), at: 0 });
};
