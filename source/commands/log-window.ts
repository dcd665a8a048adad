import type { LogRange } from '../bench/log-index.ts';
import type { World } from '../bench/store.ts';
import { shownBench } from '../bench/view.ts';
import { type Context, look, type Step } from './command.ts';

/** What of the journal the log shows. */
export const logRange = (world: World): LogRange => ({
  clearedTo: world.view.log.clearedTo,
  last: shownBench(world).entries,
});

/** The entry under the cursor: the newest shown while none is chosen; 0 where the log is empty. */
export const chosenEntry = (context: Pick<Context, 'log'>, world: World): number => {
  const { selected, filter, bottom } = world.view.log;
  return selected ?? context.log.window(filter, logRange(world), bottom, 1).entries.at(-1)?.n ?? 0;
};

/** Puts the cursor on an entry and scrolls as little as needed; what was being read stays where it is. */
export const chooseEntry = (context: Context, n: number): void => {
  const world = context.store.getState();
  const { log, page } = world.view;
  const range = logRange(world);
  const shown = context.log.window(log.filter, range, log.bottom, page).entries;
  const top = shown[0]?.n ?? n;
  const end = shown.at(-1)?.n ?? n;
  let bottom = log.bottom ?? end;
  if (n > end) bottom = n;
  else if (n < top) bottom = context.log.step(log.filter, range, n, page - 1);
  look(context, { log: { ...log, selected: n, bottom } });
};

/** Shows the end and follows it. */
export const followLog = (context: Context): void =>
  look(context, view => ({ log: { ...view.log, bottom: null, selected: null } }));

const rowsOf = (step: Exclude<Step, 'start' | 'end'>, page: number): number =>
  'rows' in step ? step.rows : step.pages * Math.max(1, page - 1);

/** Moves the cursor. Leaving the end stops following; a step down from the last entry follows again. */
export const scrollLog = (context: Context, step: Step): void => {
  const world = context.store.getState();
  const { log, page } = world.view;
  const range = logRange(world);
  const from = chosenEntry(context, world);
  if (step === 'start') chooseEntry(context, context.log.step(log.filter, range, 0, 1));
  else if (step === 'end') followLog(context);
  else if (from > 0) {
    const to = context.log.step(log.filter, range, from, rowsOf(step, page));
    if (to === from && rowsOf(step, page) > 0) followLog(context);
    else chooseEntry(context, to);
  }
};
