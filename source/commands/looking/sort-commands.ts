import { orderedSockets } from '../../bench/view/selectors-sockets.ts';
import { isTable, shownSockets } from '../../bench/view/shown-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import type { ColumnId } from '../../bench/view/table-columns.ts';
import { factsOf, sortedNames } from '../../bench/view/table-facts.ts';
import { isActorPane, rowsIn, shownBench, type TableSort } from '../../bench/view/view.ts';
import type { ActorId } from '../../core/model/actors.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type Context, command, type KeyOf, look, programPlaces } from '../calling/command.ts';
import { doneBy } from '../calling/keymap.ts';

/** The actor whose table has the keys. */
const tableOf = (world: World): ActorId | null => {
  const { focus } = world.view;
  return isActorPane(focus) && isTable(world, focus) ? focus : null;
};

const noTable = (world: World, keyOf: KeyOf): string | null => {
  const actor = tableOf(world);
  if (actor === null)
    return t`Only a zoomed pane is a table that can be sorted: ${doneBy(keyOf, 'zoom')} zooms it`;
  return shownSockets(world, actor).length > 0 ? null : t('Nothing is open here to be sorted');
};

const footer = (world: World): number => (tableOf(world) === null ? 0 : 71);

/** Sorts what is there now; null is the order in which sockets came to be. */
const sortBy = (context: Context, column: ColumnId, reverse: boolean): void => {
  const world = context.store.getState();
  const actor = tableOf(world);
  if (actor === null) return;
  const bench = shownBench(world);
  const rows = orderedSockets(bench, actor).map(socket => factsOf(bench, actor, socket, context.rates));
  const sort: TableSort | null =
    column === 'name' && !reverse
      ? null
      : { column, reverse, order: sortedNames(rows, column, reverse), at: bench.t };
  look(context, view => ({ programs: { ...view.programs, [actor]: { ...rowsIn(view, actor), sort } } }));
};

const sortOf = ({ store }: Context): { readonly column: ColumnId; readonly reverse: boolean } => {
  const world = store.getState();
  const actor = tableOf(world);
  return (actor !== null && rowsIn(world.view, actor).sort) || { column: 'name', reverse: false };
};

export const sortCommands = [
  command({
    id: 'sort-next',
    title: marked('Sort the table of a zoomed pane by its next column: once, nothing moves by itself'),
    short: marked('sort'),
    keys: ['>'],
    where: programPlaces,
    footer,
    disabled: noTable,
    run: context => {
      const { columns } = context.lastDrawn;
      const at = columns.indexOf(sortOf(context).column);
      sortBy(context, columns[(at + 1) % columns.length] ?? 'name', false);
    },
  }),
  command({
    id: 'sort-reverse',
    title: marked('Sort the table the other way round'),
    short: marked('reverse'),
    keys: ['<'],
    where: programPlaces,
    footer,
    disabled: noTable,
    run: context => {
      const { column, reverse } = sortOf(context);
      sortBy(context, column, !reverse);
    },
  }),
];
