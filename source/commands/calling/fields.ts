import type { Overlay } from '../../bench/view/overlay.ts';
import type { TextField } from '../../bench/view/text-field.ts';
import { type Context, look } from './command.ts';
import { fieldOfOverlay, withField } from './overlay-keys.ts';
import { topOverlay } from './overlays.ts';

/** Edits the field of the overlay on top; the refusal of what stood there before goes away with it. */
export const changeField = (context: Context, change: (field: TextField) => TextField): void =>
  look(context, view => {
    const overlay = topOverlay(view);
    const field = fieldOfOverlay(overlay);
    if (!overlay || !field) return {};
    const next = change(field);
    if (next === field) return {};
    const same = next.cells === field.cells;
    const moved = same ? { ...withField(overlay, next), ...keep(overlay) } : withField(overlay, next);
    return { overlays: [...view.overlays.slice(0, -1), moved as Overlay] };
  });

/** A cursor that only moved leaves refusal and chosen row as they are. */
const keep = (overlay: Overlay): object => ({
  ...('refusal' in overlay ? { refusal: overlay.refusal } : {}),
  ...(overlay.kind === 'help' || overlay.kind === 'palette' || overlay.kind === 'labs'
    ? { at: overlay.at }
    : {}),
});
