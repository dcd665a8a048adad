import { Box } from 'ink';
import { socketsOf } from '../../bench/selectors-sockets.ts';
import { shownBench } from '../../bench/view.ts';
import { focusPane } from '../../commands/overlays.ts';
import { moveSocket, selectSocket } from '../../commands/select-socket.ts';
import { type Program, programs } from '../../core/actors.ts';
import { useShownNow } from '../clock.tsx';
import type { Layout } from '../layout.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { line } from '../parts/line.ts';
import { useTheme } from '../parts/lines.tsx';
import { useKeyOf, useKeyWords, useServices, useWholeWorld, useWorld } from '../services.ts';
import { usePage, useSpot } from '../use-last-drawn.ts';
import { firstStart } from './first-start.ts';
import { paneName, programNotes } from './pane-title.ts';
import { type ProgramRows, programRows } from './program-pane.ts';

type Props = {
  readonly program: Program;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly rows: number;
};

/** A click goes to the pane, and to the socket whose row it meets; the wheel goes through sockets that do not all fit. */
const useProgramSpot = ({ program, left, top, width, rows }: Props, shown: ProgramRows): void => {
  const { context } = useServices();
  useSpot(program, {
    left,
    top,
    width,
    height: rows,
    over: false,
    click: row => {
      const socket = shown.rows[row - 1]?.socket ?? '';
      focusPane(context, program);
      if (socket !== '') selectSocket(context, program, socket);
    },
    wheel: by => {
      const last = shown.rows.findLast(row => row.socket !== '')?.socket;
      if (shown.folded) moveSocket(context, program, { rows: by }, last);
    },
  });
};

const ProgramView = (props: Props) => {
  const { program, width, rows } = props;
  const theme = useTheme();
  const keyOf = useKeyOf();
  const keys = useKeyWords();
  const now = useShownNow();
  const world = useWholeWorld();
  const bench = shownBench(world);
  const focused = world.view.focus === program;
  const inner = { bench, now, width: width - 2, theme, keys };
  const empty = socketsOf(bench, program).length === 0;
  const shown = programRows(program, world.view.programs[program], rows - 2, inner);
  useProgramSpot(props, shown);
  usePage(focused && world.view.overlays.length === 0, rows - 2);
  const notes = programNotes(bench, program);
  const title = { name: paneName(program, keyOf, focused), notes };
  const lines = shown.rows.map(row => row.line);
  const start = empty ? firstStart(program, keyOf, world) : [];
  const content = empty && lines.length > 0 ? [...start, line(), ...lines] : [...start, ...lines];
  return <Framed frame={frame(title, content, width, rows, focused, theme)} />;
};

/** The program panes: side by side, or the one that has the focus or had it last. */
export const ProgramsView = ({ layout }: { readonly layout: Layout }) => {
  const current = useWorld(({ view }) => view.program);
  const zoomed = useWorld(({ view }) => view.zoomed);
  const shown = layout.mode === 'narrow' || zoomed ? [current] : programs;
  const widths = layout.paneWidths;
  return (
    <Box flexShrink={0} height={layout.paneRows}>
      {shown.map((program, index) => (
        <ProgramView
          key={program}
          program={program}
          left={widths.slice(0, index).reduce((sum, width) => sum + width, 0)}
          top={layout.panesTop}
          width={widths[index]!}
          rows={layout.paneRows}
        />
      ))}
    </Box>
  );
};
