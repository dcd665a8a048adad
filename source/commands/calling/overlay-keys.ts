import type { Overlay, OverlayKind, OverlayOf } from '../../bench/view/overlay.ts';
import { fieldText, type TextField } from '../../bench/view/text-field.ts';
import { savedRows } from '../../core/model/saved-names.ts';
import { rulesListed } from '../../core/words/rule-words.ts';
import { labItems } from '../keeping/lab-list.ts';
import { glossaryWords } from '../looking/glossary-words.ts';
import { helpItems } from '../looking/help-commands.ts';
import { menuChoices } from '../looking/menu-choices.ts';
import { paletteItems } from '../looking/palette-commands.ts';
import { waitingId, waitingItem } from '../looking/why-commands.ts';
import { optionsOf } from '../sockets/option-list.ts';
import type { Context, Place } from './command.ts';

/**
 * What keys do in an overlay of a kind, but for its commands.
 *
 * - `rows`: how many it has to choose from; `cursor`: which of them has the cursor, and the overlay with it on another, where that
 *   is not its `at`
 * - `field`: the one that text goes into, null for none; `typed`: the overlay with another in its place, the refusal of what stood
 *   there before gone
 */
type OverlayKeys<O extends Overlay> = {
  readonly rows?: (overlay: O, context: Context) => number;
  readonly cursor?: {
    readonly at: (overlay: O, context: Context) => number;
    readonly on: (overlay: O, item: number, context: Context) => O;
  };
  readonly field?: (overlay: O) => TextField | null;
  readonly typed?: (overlay: O, field: TextField) => O;
};

const viewOf = ({ store }: Context) => store.getState().view;

const keysOf: { readonly [K in OverlayKind]: OverlayKeys<OverlayOf<K>> } = {
  help: {
    rows: ({ place, filter }, { keymap }) => helpItems(keymap, place as Place, fieldText(filter)).length,
    field: ({ filter }) => filter,
    typed: (overlay, filter) => ({ ...overlay, filter, at: 0 }),
  },
  palette: {
    rows: ({ input }, context) =>
      paletteItems(context.keymap.commands, fieldText(input), viewOf(context).values).length,
    field: ({ input }) => input,
    typed: (overlay, input) => ({ ...overlay, input, at: 0, refusal: null }),
  },
  form: {
    rows: ({ fields }) => fields.length,
    field: ({ fields, at }) => fields[at]?.field ?? null,
    typed: (overlay, field) => {
      const fields = overlay.fields.map((each, index) => (index === overlay.at ? { ...each, field } : each));
      return { ...overlay, fields, refusal: null };
    },
  },
  send: {
    field: ({ at, address, payload }) => (at === 'address' ? address : payload),
    typed: (overlay, field) =>
      overlay.at === 'address'
        ? { ...overlay, address: field, refusal: null }
        : { ...overlay, payload: field, refusal: null },
  },
  search: {
    field: ({ input }) => input,
    typed: (overlay, input) => ({ ...overlay, input }),
  },
  labs: {
    rows: overlay => labItems(overlay).length,
    field: ({ filter }) => filter,
    typed: (overlay, filter) => ({ ...overlay, filter, at: 0, refusal: null }),
  },
  entry: {},
  stream: {},
  code: {},
  menu: { rows: () => menuChoices.length },
  why: {
    cursor: {
      at: ({ call }, context) => waitingItem(context, call),
      on: (overlay, item, context) => ({ ...overlay, call: waitingId(context, item) }),
    },
  },
  options: {
    rows: (overlay, { source }) => {
      const socket = source.state().sockets.get(overlay.socket);
      return socket ? optionsOf(socket).length : 0;
    },
  },
  rules: { rows: (_, { source }) => rulesListed(source.state().rules).length },
  glossary: { rows: overlay => glossaryWords(overlay).length },
  saved: { rows: (_, context) => savedRows(viewOf(context).saved).length },
  confirm: {},
};

const keysIn = <O extends Overlay>(overlay: O) => keysOf[overlay.kind] as OverlayKeys<Overlay>;

/** The field that text goes into, or null. */
export const fieldOfOverlay = (overlay: Overlay | undefined): TextField | null =>
  (overlay && keysIn(overlay).field?.(overlay)) ?? null;

/** The overlay with another field in place of the one that text goes into. */
export const withField = (overlay: Overlay, field: TextField): Overlay =>
  keysIn(overlay).typed?.(overlay, field) ?? overlay;

/** The row under the cursor. */
export const itemOf = (context: Context, overlay: Overlay): number => {
  const { cursor } = keysIn(overlay);
  if (cursor) return cursor.at(overlay, context);
  return 'at' in overlay && typeof overlay.at === 'number' ? overlay.at : 0;
};

/** The overlay with the cursor on this row, or on the nearest that there is. */
export const onItem = (context: Context, overlay: Overlay, item: number): Overlay => {
  const { cursor, rows } = keysIn(overlay);
  if (cursor) return cursor.on(overlay, item, context);
  const count = rows?.(overlay, context);
  if (count === undefined) return overlay;
  return { ...overlay, at: Math.max(0, Math.min(count - 1, item)) } as Overlay;
};
