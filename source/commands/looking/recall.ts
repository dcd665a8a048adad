import type { OverlayOf } from '../../bench/view/overlay.ts';
import { emptyField, fieldOf } from '../../bench/view/text-field.ts';
import { type Context, look } from '../calling/command.ts';
import { changeOverlay, topOverlay } from '../calling/overlays.ts';

/** How many lines back one is after `by` more, of `count`. */
const back = (recall: number, by: number, count: number): number => Math.max(0, Math.min(count, recall + by));

const recallTyped = (context: Context, overlay: OverlayOf<'palette'>, by: number): void => {
  const { palette } = context.store.getState().view.history;
  const recall = back(overlay.recall, by, palette.length);
  if (recall === overlay.recall) return;
  const draft = (overlay.recall === 0 ? overlay.input : overlay.draft) ?? emptyField;
  const input = recall === 0 ? draft : fieldOf(palette.at(-recall) ?? '');
  changeOverlay(context, 'palette', { recall, refusal: null, draft, input, at: 0 });
};

/** A line comes back as what it was typed as, so that it stands for the same bytes. */
const recallSent = (context: Context, overlay: OverlayOf<'send'>, by: number): void => {
  const { history, mode } = context.store.getState().view;
  const recall = back(overlay.recall, by, history.send.length);
  if (recall === overlay.recall) return;
  const draft = overlay.recall === 0 ? { payload: overlay.payload, mode } : overlay.draft;
  const line = history.send.at(-recall);
  const shown = recall === 0 || !line ? draft : { payload: fieldOf(line.text), mode: line.mode };
  look(context, { mode: shown?.mode ?? mode });
  const payload = shown?.payload ?? emptyField;
  changeOverlay(context, 'send', { recall, refusal: null, ...(draft ? { draft } : {}), payload });
};

/** Up and down through older lines, where the field on top has a history and no list to move in. True: it did. */
export const recallLine = (context: Context, rows: number): boolean => {
  const top = topOverlay(context.store.getState().view);
  if (top?.kind === 'palette' && (top.recall > 0 || (rows < 0 && top.at === 0))) {
    recallTyped(context, top, rows < 0 ? 1 : -1);
    return true;
  }
  if (top?.kind !== 'send' || top.at !== 'payload') return false;
  recallSent(context, top, -rows);
  return true;
};
