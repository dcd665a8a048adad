import { Box } from 'ink';
import { useLayoutEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { socketsOf } from '../../bench/selectors-sockets.ts';
import { shownBench } from '../../bench/view.ts';
import { look } from '../../commands/command.ts';
import { addressToReach } from '../../commands/parameters.ts';
import { type Program, programs } from '../../core/names.ts';
import type { Layout } from '../layout.ts';
import { useNow } from '../now.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { useTheme } from '../parts/lines.tsx';
import { useKeyOf, useServices, useWorld } from '../services.ts';
import { firstStart } from './first-start.ts';
import { paneName, programNotes } from './pane-title.ts';
import { programRows } from './program-pane.ts';

type Props = { readonly program: Program; readonly width: number; readonly rows: number };

/** The list that has the keys tells how long a page is. */
export const usePage = (active: boolean, page: number, lines: number): void => {
  const { context } = useServices();
  useLayoutEffect(() => {
    const { view } = context.store.getState();
    if (active && (view.page !== page || view.lines !== lines)) look(context, { page, lines });
  }, [active, context, page, lines]);
};

const ProgramView = ({ program, width, rows }: Props) => {
  const { context } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const now = useNow(context.bench, context.store);
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const bench = shownBench(world);
  const focused = world.view.focus === program;
  const inner = { bench, now, width: width - 2, theme };
  const empty = socketsOf(bench, program).length === 0;
  const shown = programRows(program, world.view.programs[program], rows - 2, inner);
  usePage(focused && world.view.overlays.length === 0, rows - 2, shown.count);
  const notes = programNotes(bench, program);
  const title = { name: paneName(program, String(programs.indexOf(program) + 1), focused), notes };
  const content = empty ? firstStart(program, keyOf, addressToReach.fallback?.(world)) : shown.lines;
  return <Framed frame={frame(title, content, width, rows, focused, theme)} />;
};

/** The program panes: side by side, or the one that has the focus or had it last. */
export const ProgramsView = ({ layout }: { readonly layout: Layout }) => {
  const current = useWorld(({ view }) => view.program);
  const zoomed = useWorld(({ view }) => view.zoomed);
  const shown = layout.mode === 'narrow' || zoomed ? [current] : programs;
  return (
    <Box flexShrink={0} height={layout.paneRows}>
      {shown.map((program, index) => (
        <ProgramView
          key={program}
          program={program}
          width={layout.paneWidths[index]!}
          rows={layout.paneRows}
        />
      ))}
    </Box>
  );
};
