import type { Overlay } from '../../bench/view/overlay.ts';
import { fieldOf, fieldText } from '../../bench/view/text-field.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { type Context, look } from '../calling/command.ts';
import { itemOf, onItem } from '../calling/overlay-keys.ts';
import { topOverlay } from '../calling/overlays.ts';
import { rowsOf, type Step } from '../calling/step.ts';
import { senders } from '../sockets/senders.ts';
import { scrollReader } from './readers.ts';
import { recallLine } from './recall.ts';

/** The next peer heard from, for the address of a datagram. */
const nextAddress = (peers: readonly Endpoint[], now: string, by: number): string => {
  const known = peers.map(formatEndpoint);
  if (known.length === 0) return now;
  const at = known.indexOf(now);
  return known[at < 0 ? 0 : (at + by + known.length) % known.length]!;
};

const moved = (context: Context, overlay: Overlay, rows: number): Overlay => {
  if (overlay.kind === 'send') {
    const socket = context.source.state().sockets.get(overlay.socket);
    if (!socket || !overlay.address) return overlay;
    const next = nextAddress(senders(context.source.journal, socket), fieldText(overlay.address), rows);
    return { ...overlay, address: fieldOf(next) };
  }
  return onItem(context, overlay, itemOf(context, overlay) + rows);
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
  change(context, overlay => onItem(context, overlay, item));

/** Scrolls what lies on top. What is typed in it stays: the wheel is no way to older history. */
export const scrollOverlay = (context: Context, rows: number): void => {
  const { kind } = topOverlay(context.store.getState().view) ?? {};
  if (kind === 'entry' || kind === 'stream' || kind === 'code') scrollReader(context, { rows });
  else if (kind !== 'form')
    change(context, overlay => onItem(context, overlay, itemOf(context, overlay) + rows));
};
