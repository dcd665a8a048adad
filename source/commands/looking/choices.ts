import type { Overlay } from '../../bench/view/overlay.ts';
import { fieldOf, fieldText } from '../../bench/view/text-field.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { savedRows } from '../../core/model/saved-names.ts';
import { type Context, look, type Place } from '../calling/command.ts';
import { topOverlay } from '../calling/overlays.ts';
import { rowsOf, type Step } from '../calling/step.ts';
import { labItems } from '../keeping/lab-list.ts';
import { optionsOf } from '../sockets/option-list.ts';
import { senders } from '../sockets/senders.ts';
import { helpItems } from './help-commands.ts';
import { paletteItems } from './palette-commands.ts';
import { scrollReader } from './readers.ts';
import { recallLine } from './recall.ts';
import { waitingId, waitingItem } from './why-commands.ts';

/** What the close menu offers, by command. */
export const menuChoices = ['half-close', 'close', 'reset', 'close-ended'] as const;

/** The next peer heard from, for the address of a datagram. */
const nextAddress = (peers: readonly Endpoint[], now: string, by: number): string => {
  const known = peers.map(formatEndpoint);
  if (known.length === 0) return now;
  const at = known.indexOf(now);
  return known[at < 0 ? 0 : (at + by + known.length) % known.length]!;
};

/** How many items the overlay lists to choose from; null where it lists none. */
const countOf = (context: Context, overlay: Overlay): number | null => {
  switch (overlay.kind) {
    case 'help':
      return helpItems(context.keymap, overlay.place as Place, fieldText(overlay.filter)).length;
    case 'palette':
      return paletteItems(
        context.keymap.commands,
        fieldText(overlay.input),
        context.store.getState().view.values,
      ).length;
    case 'labs':
      return labItems(overlay).length;
    case 'form':
      return overlay.fields.length;
    case 'options': {
      const socket = context.source.state().sockets.get(overlay.socket);
      return socket ? optionsOf(socket).length : 0;
    }
    case 'saved':
      return savedRows(context.store.getState().view.saved).length;
    case 'menu':
      return menuChoices.length;
    default:
      return null;
  }
};

/** The overlay with the cursor on this item, or on the nearest that there is. */
const chosen = (context: Context, overlay: Overlay, item: number): Overlay => {
  if (overlay.kind === 'why') return { ...overlay, call: waitingId(context, item) };
  const count = countOf(context, overlay);
  if (count === null) return overlay;
  return { ...overlay, at: Math.max(0, Math.min(count - 1, item)) } as Overlay;
};

const itemOf = (context: Context, overlay: Overlay): number => {
  if (overlay.kind === 'why') return waitingItem(context, overlay.call);
  return 'at' in overlay && typeof overlay.at === 'number' ? overlay.at : 0;
};

const moved = (context: Context, overlay: Overlay, rows: number): Overlay => {
  if (overlay.kind === 'send') {
    const socket = context.source.state().sockets.get(overlay.socket);
    if (!socket || !overlay.address) return overlay;
    const next = nextAddress(senders(context.source.journal, socket), fieldText(overlay.address), rows);
    return { ...overlay, address: fieldOf(next) };
  }
  return chosen(context, overlay, itemOf(context, overlay) + rows);
};

const change = (context: Context, next: (overlay: Overlay) => Overlay): void => {
  const before = topOverlay(context.store.getState().view);
  const after = before && next(before);
  if (after && after !== before)
    look(context, view => ({ overlays: [...view.overlays.slice(0, -1), after] }));
};

/** Up and down in lists, forms, history and known addresses. */
export const moveChoice = (context: Context, step: Step): void => {
  if (typeof step === 'string') return;
  const rows = rowsOf(step, context.lastDrawn);
  if (recallLine(context, rows)) return;
  change(context, overlay => moved(context, overlay, rows));
};

/** Puts the cursor of the list on top on an item. */
export const chooseItem = (context: Context, item: number): void =>
  change(context, overlay => chosen(context, overlay, item));

/** Scrolls what lies on top. What is typed in it stays: the wheel is no way to older history. */
export const scrollOverlay = (context: Context, rows: number): void => {
  const { kind } = topOverlay(context.store.getState().view) ?? {};
  if (kind === 'entry' || kind === 'stream') scrollReader(context, { rows });
  else if (kind !== 'form')
    change(context, overlay => chosen(context, overlay, itemOf(context, overlay) + rows));
};
