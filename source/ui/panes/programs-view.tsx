import { useLayoutEffect, useRef } from 'react';
import { socketsOf } from '../../bench/view/selectors-sockets.ts';
import { isTable, shownSockets } from '../../bench/view/shown-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { columnsIn, tableColumns } from '../../bench/view/table-columns.ts';
import { emptyColumns } from '../../bench/view/table-facts.ts';
import { rowsIn, shownActors, shownBench } from '../../bench/view/view.ts';
import { focusPane } from '../../commands/calling/overlays.ts';
import { moveSocket, selectSocket } from '../../commands/sockets/select-socket.ts';
import { humanDuration } from '../../core/language/units.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import { t } from '../../core/words/translate.ts';
import type { Layout } from '../layout.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { useTheme } from '../parts/lines.tsx';
import { apartWhere } from '../parts/spaced.ts';
import { line, span } from '../parts/styled-line.ts';
import type { Placed } from '../rect.ts';
import { useKeyOf, useKeysInPanes, useKeyWords, useServices, useWholeWorld } from '../screen-services.ts';
import { usePage, useSpot } from '../use-last-drawn.ts';
import { useShownNow } from '../use-now.tsx';
import { firstStart } from './first-start.ts';
import { actorName, actorNotes, paneName } from './pane-title.ts';
import { type ProgramRows, programRows, type Row, tableRows } from './program-pane.ts';
import type { RowContext } from './socket-rows.ts';

/** A click goes to the pane, and to the socket whose row it meets; the wheel goes through sockets that do not all fit. */
const useProgramSpot = ({ id: program, rect }: Placed<ActorId>, shown: ProgramRows): void => {
  const { context } = useServices();
  useSpot(program, {
    ...rect,
    over: false,
    click: row => {
      const socket = shown.rows[row - 1]?.socket ?? '';
      focusPane(context, program);
      if (socket !== '') selectSocket(context, program, socket);
    },
    wheel: by => {
      const seen = shown.rows.filter(row => row.socket !== '');
      if (shown.folded) moveSocket(context, program, { rows: by }, seen.at(by < 0 ? 0 : -1)?.socket);
    },
  });
};

/** What the pane shows: a table while it is zoomed. It tells which columns that has, and looks at what its sockets carry. */
const useRows = (actor: ActorId, room: number, context: RowContext): ProgramRows => {
  const { rates, lastDrawn } = useServices().context;
  const world = useWholeWorld();
  const { bench, now, width } = context;
  const top = useRef(0);
  const view = rowsIn(world.view, actor);
  const table = isTable(world, actor) && socketsOf(bench, actor).length > 0;
  const columns = columnsIn(width, emptyColumns(bench, actor));
  const shown = table
    ? tableRows(actor, shownSockets(world, actor), view, columns, rates, room, top.current, context)
    : programRows(actor, view, room, top.current, context);
  useLayoutEffect(() => {
    top.current = shown.first;
    if (!table) return;
    lastDrawn.columns = columns.map(({ id }) => id);
    rates.see(bench, now);
  });
  return shown;
};

/** How the table was sorted, while the pane is one. */
const sortNotes = (world: World, actor: ActorId): readonly string[] => {
  const { sort } = rowsIn(world.view, actor);
  if (!sort || !isTable(world, actor)) return [];
  const [title, at] = [t(tableColumns[sort.column].title), humanDuration(sort.at)];
  return [sort.reverse ? t`by ${title}, reversed, as it was at ${at}` : t`by ${title}, as it was at ${at}`];
};

const ProgramView = ({ placed }: { readonly placed: Placed<ActorId> }) => {
  const { id: program, rect } = placed;
  const { left, top, width, height: rows } = rect;
  const theme = useTheme();
  const keyOf = useKeyOf();
  const keysInPanes = useKeysInPanes();
  const keys = useKeyWords();
  const now = useShownNow();
  const world = useWholeWorld();
  const bench = shownBench(world);
  const focused = world.view.focus === program;
  const inner = { bench, now, width: width - 2, theme, keys };
  const empty = socketsOf(bench, program).length === 0;
  const made = useRows(program, rows - 2, inner);
  const isNew = (row: Row, before: Row) => row.socket !== before.socket;
  const shown = world.view.stage
    ? { ...made, rows: apartWhere(made.rows, { line: line(), socket: '' }, isNew, rows - 2) }
    : made;
  useProgramSpot(placed, shown);
  usePage(focused && world.view.overlays.length === 0, rows - 2);
  const notes = [...sortNotes(world, program), ...actorNotes(bench, program)];
  const place = shownActors(world).indexOf(program);
  const name = paneName(program, keyOf, focused, actorName(bench, program), place);
  const onTitle = focused && rowsIn(world.view, program).onTitle;
  const title = { name: onTitle ? line(span(`${theme.cursor} `, 'focus'), name) : name, notes };
  const lines = shown.rows.map(row => row.line);
  const start = empty && isProgram(program) ? firstStart(program, keysInPanes, world) : [];
  // What is so comes before what could be done: it is seen where there is room for one of them only.
  const content = empty && lines.length > 0 ? [...lines, line(), ...start] : [...start, ...lines];
  return <Framed frame={frame(title, content, width, rows, focused, theme)} left={left} top={top} />;
};

/** The open panes of the programs. */
export const ProgramsView = ({ open }: Pick<Layout<ActorId>, 'open'>) =>
  open.map(placed => <ProgramView key={placed.id} placed={placed} />);
