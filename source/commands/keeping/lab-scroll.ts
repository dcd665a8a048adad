import { type Context, look } from '../calling/command.ts';
import { rowsOf, type Step } from '../calling/step.ts';
import type { LastDrawn } from '../looking/last-drawn.ts';

/** Scrolls the lesson. The next step follows the next line again, wherever it stood. */
export const scrollLab = (
  context: Context,
  step: Step,
  drawn: Pick<LastDrawn, 'page' | 'lines'> = context.lastDrawn,
): void =>
  look(context, view => {
    if (!view.lab) return {};
    const last = Math.max(0, drawn.lines - drawn.page);
    if (step === 'end') return { lab: { ...view.lab, top: last } };
    if (step === 'start') return { lab: { ...view.lab, top: 0 } };
    const from = Math.min(view.lab.top ?? context.lastDrawn.labTop, last);
    return { lab: { ...view.lab, top: Math.max(0, Math.min(last, from + rowsOf(step, drawn))) } };
  });
