import type { Overlay } from '../bench/overlay.ts';
import { fieldOf, fieldText } from '../bench/text-field.ts';
import { formatEndpoint } from '../core/address.ts';
import type { Endpoint } from '../core/names.ts';
import { type Context, look, type Place, type Step } from './command.ts';
import { helpItems } from './help.ts';
import { labItems } from './lab-list.ts';
import { optionsOf } from './option-list.ts';
import { topOverlay } from './overlays.ts';
import { paletteItems } from './palette.ts';
import { senders } from './senders.ts';
import { whyMoved } from './why.ts';

/** What the close menu offers, by command. */
export const menuChoices = ['half-close', 'close', 'reset'] as const;

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** The history entry `recall` steps back from the newest; '' at 0. */
const recalled = (history: readonly string[], recall: number): string =>
  history[history.length - recall] ?? '';

type WithHistory = Extract<Overlay, { kind: 'palette' | 'send' }>;

const recall = (overlay: WithHistory, history: readonly string[], by: number): Overlay => {
  const next = Math.max(0, Math.min(history.length, overlay.recall + by));
  if (next === overlay.recall) return overlay;
  const field = fieldOf(recalled(history, next));
  const fresh = { recall: next, refusal: null };
  return overlay.kind === 'palette'
    ? { ...overlay, ...fresh, input: field, at: 0 }
    : { ...overlay, ...fresh, payload: field };
};

/** The next peer heard from, for the address of a datagram. */
const nextAddress = (peers: readonly Endpoint[], now: string, by: number): string => {
  const known = peers.map(formatEndpoint);
  if (known.length === 0) return now;
  const at = known.indexOf(now);
  return known[(at + by + known.length) % known.length]!;
};

const moved = (context: Context, overlay: Overlay, rows: number): Overlay => {
  const { view } = context.store.getState();
  switch (overlay.kind) {
    case 'help': {
      const count = helpItems(context.keymap, overlay.place as Place, fieldText(overlay.filter)).length;
      return { ...overlay, at: clamp(overlay.at + rows, count) };
    }
    case 'palette': {
      const up = rows < 0 && overlay.at === 0;
      if (up || overlay.recall > 0) return recall(overlay, view.history.palette, up || rows < 0 ? 1 : -1);
      const count = paletteItems(context.keymap.commands, fieldText(overlay.input)).length;
      return { ...overlay, at: clamp(overlay.at + rows, count) };
    }
    case 'labs':
      return { ...overlay, at: clamp(overlay.at + rows, labItems(overlay).length) };
    case 'form':
      return { ...overlay, at: clamp(overlay.at + rows, overlay.fields.length) };
    case 'why':
      return { ...overlay, call: whyMoved(context, overlay.call, rows) };
    case 'options': {
      const socket = context.bench.state().sockets.get(overlay.socket);
      return { ...overlay, at: clamp(overlay.at + rows, socket ? optionsOf(socket).length : 0) };
    }
    case 'menu':
      return { ...overlay, at: clamp(overlay.at + rows, menuChoices.length) };
    case 'send': {
      if (overlay.at === 'payload') return recall(overlay, view.history.send, -rows);
      const socket = context.bench.state().sockets.get(overlay.socket);
      if (!socket || !overlay.address) return overlay;
      const next = nextAddress(senders(context.bench.journal, socket), fieldText(overlay.address), rows);
      return { ...overlay, address: fieldOf(next) };
    }
    default:
      return overlay;
  }
};

/** Up and down in lists, forms, history and known addresses. */
export const moveChoice = (context: Context, step: Step): void => {
  const overlay = topOverlay(context.store.getState().view);
  const { page } = context.store.getState().view;
  if (!overlay || typeof step === 'string') return;
  const next = moved(context, overlay, 'rows' in step ? step.rows : step.pages * Math.max(1, page - 1));
  if (next !== overlay) look(context, view => ({ overlays: [...view.overlays.slice(0, -1), next] }));
};
