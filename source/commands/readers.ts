import { type Context, look, type Step } from './command.ts';

const moved = (step: Step, top: number, page: number, last: number): number => {
  if (step === 'start') return 0;
  if (step === 'end') return last;
  const rows = 'rows' in step ? step.rows : step.pages * Math.max(1, page - 1);
  return Math.min(last, Math.max(0, top + rows));
};

/** Scrolls the entry or stream that lies on top. A stream at its end follows what comes. */
export const scrollReader = (context: Context, step: Step): void =>
  look(context, view => {
    const top = view.overlays.at(-1);
    const last = Math.max(0, view.lines - view.page);
    if (top?.kind === 'entry') {
      const to = moved(step, Math.min(top.top, last), view.page, last);
      return { overlays: [...view.overlays.slice(0, -1), { ...top, top: to }] };
    }
    if (top?.kind === 'stream') {
      const to = moved(step, top.top ?? last, view.page, last);
      return { overlays: [...view.overlays.slice(0, -1), { ...top, top: to >= last ? null : to }] };
    }
    return {};
  });
