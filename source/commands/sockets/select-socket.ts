import { currentSocket } from '../../bench/view/selectors-sockets.ts';
import { shownSockets } from '../../bench/view/shown-sockets.ts';
import { rowsIn, withRow } from '../../bench/view/view.ts';
import type { ActorId } from '../../core/model/actors.ts';
import { type Context, look } from '../calling/command.ts';
import { rowsOf, type Step } from '../calling/step.ts';

/** The rows of a program's pane, by name. */
const rowNames = (context: Context, program: ActorId): readonly string[] => {
  const world = context.store.getState();
  return shownSockets(world, program).map(({ name }) => name);
};

/** Chooses a row of a program's pane: keys act on it. */
export const selectSocket = (context: Context, program: ActorId, selected: string): void =>
  look(context, view => ({ programs: withRow(view, program, selected) }));

/** The cursor leaves the rows for the title above them. */
const goToTitle = (context: Context, program: ActorId): void =>
  look(context, view => ({
    programs: { ...view.programs, [program]: { ...rowsIn(view, program), selected: '', onTitle: true } },
  }));

/** Chooses the row so much further down: from `start`, or from the socket that keys act on. Above the first row is the title. */
export const moveSocket = (context: Context, program: ActorId, step: Step, start?: string): void => {
  const world = context.store.getState();
  const rows = rowNames(context, program);
  if (rows.length === 0) return;
  const last = rows.length - 1;
  const { onTitle } = rowsIn(world.view, program);
  const from = onTitle ? -1 : rows.indexOf(start ?? currentSocket(world, program)?.name ?? '');
  const to =
    typeof step === 'string' ? (step === 'start' ? 0 : last) : from + rowsOf(step, context.lastDrawn);
  if (from <= 0 && to < 0 && start === undefined) return goToTitle(context, program);
  selectSocket(context, program, rows[Math.min(last, Math.max(0, to))]!);
};
