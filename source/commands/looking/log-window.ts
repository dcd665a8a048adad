import type { LogRange } from '../../bench/view/log-range.ts';
import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import { type Context, look } from '../calling/command.ts';
import { rowsOf, type Step } from '../calling/step.ts';

/** What of the journal the log shows. */
export const logRange = (world: World): LogRange => ({
  clearedTo: world.view.log.clearedTo,
  last: shownBench(world).entries,
  folded: world.view.log.folded,
});

/** The entry under the cursor: the newest shown while none is chosen; 0 where the log is empty. */
export const chosenEntry = (context: Pick<Context, 'log'>, world: World): number => {
  const { selected, filter, bottom } = world.view.log;
  return selected ?? context.log.window(filter, logRange(world), bottom, 1).entries.at(-1)?.n ?? 0;
};

/** The entry that tells most of the row under the cursor: a call's end, once it has ended. */
export const toldEntry = (context: Pick<Context, 'log'>, world: World): number =>
  context.log.newestOf(logRange(world), chosenEntry(context, world));

/** Puts the cursor on an entry's row and scrolls as little as needed; what was being read stays where it is. */
export const chooseEntry = (context: Context, entry: number): void => {
  const world = context.store.getState();
  const { log } = world.view;
  const { page } = context.lastDrawn;
  const range = logRange(world);
  const n = context.log.rowOf(range, entry);
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

/**
 * Scrolls by so many rows of a log of `page` rows; to its end, and it follows again. The cursor stays where it is as long
 * as it is in sight.
 */
export const wheelLog = (context: Context, rows: number, page: number): void => {
  const world = context.store.getState();
  const { log } = world.view;
  const range = logRange(world);
  const shown = (bottom: number | null) => context.log.window(log.filter, range, bottom, page).entries;
  const before = shown(log.bottom);
  const end = before.at(-1)?.n;
  if (end === undefined || (rows < 0 && before.length < page)) return;
  const bottom = context.log.step(log.filter, range, end, rows);
  if (rows > 0 && context.log.step(log.filter, range, bottom, 1) === bottom) return followLog(context);
  const after = shown(bottom);
  const [first, last] = [after[0]?.n ?? bottom, after.at(-1)?.n ?? bottom];
  const selected = log.selected === null ? null : Math.max(first, Math.min(last, log.selected));
  look(context, { log: { ...log, bottom, selected } });
};

/** Moves the cursor. Leaving the end stops following; a step down from the last entry follows again. */
export const scrollLog = (context: Context, step: Step): void => {
  const world = context.store.getState();
  const { log } = world.view;
  const range = logRange(world);
  const from = chosenEntry(context, world);
  if (step === 'start') chooseEntry(context, context.log.step(log.filter, range, 0, 1));
  else if (step === 'end') followLog(context);
  else if (from > 0) {
    const rows = rowsOf(step, context.lastDrawn);
    const to = context.log.step(log.filter, range, from, rows);
    if (to === from && rows > 0) followLog(context);
    else chooseEntry(context, to);
  }
};
