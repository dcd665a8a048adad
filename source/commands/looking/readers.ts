import { type Context, look } from '../calling/command.ts';
import { rowsOf, type Step } from '../calling/step.ts';

/** Scrolls the entry, code or stream that lies on top. A stream at its end follows what comes. */
export const scrollReader = (context: Context, step: Step): void => {
  const { lastDrawn } = context;
  const last = Math.max(0, lastDrawn.lines - lastDrawn.page);
  const moved = (top: number): number => {
    if (step === 'start') return 0;
    return step === 'end' ? last : Math.min(last, Math.max(0, top + rowsOf(step, lastDrawn)));
  };
  look(context, view => {
    const top = view.overlays.at(-1);
    if (top?.kind === 'entry' || top?.kind === 'code') {
      const to = moved(Math.min(top.top, last));
      return { overlays: [...view.overlays.slice(0, -1), { ...top, top: to }] };
    }
    if (top?.kind === 'stream') {
      const to = moved(top.top === 'found' ? lastDrawn.top : (top.top ?? last));
      return { overlays: [...view.overlays.slice(0, -1), { ...top, top: to >= last ? null : to }] };
    }
    return {};
  });
};
