import type { Overlay } from '../../bench/view/overlay.ts';
import type { TextField } from '../../bench/view/text-field.ts';
import { type Context, look } from './command.ts';
import { topOverlay } from './overlays.ts';

/** The field that text goes into, or null. */
export const fieldOfOverlay = (overlay: Overlay | undefined): TextField | null => {
  switch (overlay?.kind) {
    case 'help':
    case 'labs':
      return overlay.filter;
    case 'palette':
    case 'search':
      return overlay.input;
    case 'form':
      return overlay.fields[overlay.at]?.field ?? null;
    case 'send':
      return overlay.at === 'address' ? overlay.address : overlay.payload;
    default:
      return null;
  }
};

const withField = (overlay: Overlay, field: TextField): Overlay => {
  switch (overlay.kind) {
    case 'help':
      return { ...overlay, filter: field, at: 0 };
    case 'labs':
      return { ...overlay, filter: field, at: 0, refusal: null };
    case 'palette':
      return { ...overlay, input: field, at: 0, refusal: null };
    case 'search':
      return { ...overlay, input: field };
    case 'form': {
      const fields = overlay.fields.map((each, index) => (index === overlay.at ? { ...each, field } : each));
      return { ...overlay, fields, refusal: null };
    }
    case 'send':
      return overlay.at === 'address'
        ? { ...overlay, address: field, refusal: null }
        : { ...overlay, payload: field, refusal: null };
    default:
      return overlay;
  }
};

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
