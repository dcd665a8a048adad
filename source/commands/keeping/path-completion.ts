import type { Overlay } from '../../bench/view/overlay.ts';
import { fieldOf, fieldText, type TextField } from '../../bench/view/text-field.ts';
import { quoteText } from '../../core/bytes/payload.ts';
import { parseQuotedText } from '../../core/bytes/quoted.ts';
import { t } from '../../core/words/translate.ts';
import { type Context, say } from '../calling/command.ts';
import { changeField } from '../calling/fields.ts';
import { namedCommand } from '../calling/interpret.ts';
import { fieldOfOverlay } from '../calling/overlay-keys.ts';
import { changeOverlay, topOverlay } from '../calling/overlays.ts';

/** A path that is being written: what stands before it in the field, and how it is written there. */
type Begun = {
  readonly before: string;
  readonly path: string;
  readonly written: (path: string) => string;
};

const plainly = (before: string, path: string): Begun => ({ before, path, written: whole => whole });

/** The quote of `file"path` is not closed yet: escapes are read in it, and written. */
const inQuotes = (text: string): Begun | null => {
  const match = /^(.*\bfile)(["'])((?:\\.|(?!\2)[^\\])*)$/s.exec(text);
  if (!match) return null;
  const [, before = '', quote = '"', inside = ''] = match;
  const path = parseQuotedText(`${quote}${inside}${quote}`);
  if (!path.ok) return null;
  return { before: before + quote, path: path.value, written: whole => quoteText(whole).slice(1, -1) };
};

/** The last value of a command that takes a path: `save ~/x`, `export lab x`. */
const asValue = (context: Context, text: string): Begun | null => {
  const found = namedCommand(text.trimStart(), context.keymap.commands);
  const names = Object.keys(found?.command.parameters ?? {});
  const last = names.at(-1);
  if (!found || last === undefined || !found.command.parameters[last]!.isPath) return null;
  const words = names.slice(0, -1).map(() => '\\S+\\s+');
  const match = new RegExp(`^(\\s+${words.join('')})(.*)$`, 's').exec(found.tail);
  if (!match) return null;
  const [, blanks = '', path = ''] = match;
  return plainly(text.slice(0, text.length - found.tail.length) + blanks, path);
};

const begunIn = (context: Context, overlay: Overlay, field: TextField): Begun | null => {
  const text = fieldText(field);
  if (field.cursor < field.cells.length) return null;
  switch (overlay.kind) {
    case 'send':
      return overlay.at === 'payload' && context.store.getState().view.mode === 'file'
        ? plainly('', text)
        : null;
    case 'palette':
      return inQuotes(text) ?? asValue(context, text);
    case 'form':
      return overlay.fields[overlay.at]?.isPath ? plainly('', text) : null;
    default:
      return null;
  }
};

/** Names said at once; of more, how many they are. */
const namesSaid = 24;

const tell = (context: Context, { path }: Begun, candidates: readonly string[]): void => {
  if (candidates.length === 0) return say(context, t`Nothing there begins with ${path}`, 'warning');
  const more = candidates.length - namesSaid;
  const names = candidates.slice(0, namesSaid).join('  ');
  say(context, more > 0 ? t`${names}  and ${more} more` : names);
};

/** The path that is being written where the keys go, at the end of its field; null where there is none. */
export const begunPath = (context: Context): Begun | null => {
  if (!context.app.completePath) return null;
  const overlay = topOverlay(context.store.getState().view);
  const field = fieldOfOverlay(overlay);
  return overlay && field && !field.offered ? begunIn(context, overlay, field) : null;
};

/**
 * Completes a path as a shell's Tab does: as far as it is sure, and where there are several, they are said. Keys typed
 * meanwhile wait. `whole` is done where nothing is left to complete.
 */
export const completeOr = async (context: Context, begun: Begun, whole: () => void): Promise<null> => {
  const overlay = topOverlay(context.store.getState().view);
  if (overlay?.kind !== 'send' && overlay?.kind !== 'palette' && overlay?.kind !== 'form') return null;
  const { kind } = overlay;
  changeOverlay(context, kind, { busy: true, refusal: null });
  const { text, candidates } = await context.app.completePath!(begun.path);
  // Esc was faster: what lies on top now is another's.
  if (topOverlay(context.store.getState().view)?.kind !== kind) return null;
  if (text !== begun.path) {
    const field = fieldOf(begun.before + begun.written(text));
    changeField(context, ({ cut }) => ({ ...field, cut }));
  } else if (candidates.length === 1) whole();
  if (candidates.length !== 1) tell(context, begun, candidates);
  changeOverlay(context, kind, { busy: false });
  return null;
};
