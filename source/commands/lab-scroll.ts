import { type Context, look, type Step } from './command.ts';

/** Scrolls the lesson; its end follows the next line again, as each step does. */
export const scrollLab = (context: Context, step: Step): void =>
  look(context, view => {
    if (!view.lab) return {};
    const last = Math.max(0, view.lines - view.page);
    if (step === 'end') return { lab: { ...view.lab, top: null } };
    if (step === 'start') return { lab: { ...view.lab, top: 0 } };
    const by = 'rows' in step ? step.rows : step.pages * Math.max(1, view.page - 1);
    const from = Math.min(view.lab.top ?? view.labTop, last);
    return { lab: { ...view.lab, top: Math.max(0, Math.min(last, from + by)) } };
  });
