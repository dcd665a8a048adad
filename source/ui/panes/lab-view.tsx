import { useLayoutEffect } from 'react';
import { look } from '../../commands/command.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { line, span } from '../parts/line.ts';
import { useTheme } from '../parts/lines.tsx';
import { useKeyOf, useServices, useWorld } from '../services.ts';
import { labNotes, labRows, labTop } from './lab-pane.ts';
import { usePage } from './programs-view.tsx';

/** Where the lesson was drawn from: scrolling begins there. */
const useTop = (top: number): void => {
  const { context } = useServices();
  useLayoutEffect(() => {
    if (context.store.getState().view.labTop !== top) look(context, { labTop: top });
  }, [context, top]);
};

/** The lesson of the lab that is open: words, lines, what was expected and what happened. */
export const LabPaneView = ({ width, rows }: { readonly width: number; readonly rows: number }) => {
  const theme = useTheme();
  const keyOf = useKeyOf();
  const lab = useWorld(({ view }) => view.lab);
  const focused = useWorld(({ view }) => view.focus === 'lab');
  const onTop = useWorld(({ view }) => view.overlays.length === 0);
  const room = rows - 2;
  const drawn = lab ? labRows(lab, width - 2, theme) : { lines: [], from: 0, to: 0 };
  const top = lab ? labTop(lab, drawn, room) : 0;
  useTop(top);
  usePage(focused && onTop, room, drawn.lines.length);
  if (!lab) return null;
  const above = top > 0 ? `${top} above` : '';
  const rest = drawn.lines.length - top - room;
  const below = rest > 0 ? `${rest} below` : '';
  const key = keyOf('focus-guest');
  const title = {
    name: line(
      span(key === '' ? '' : `${key} `, 'key'),
      span(`Lab ${lab.name} ${lab.stage}/${lab.stages}`, 'title'),
      focused ? span(' *', 'focus') : null,
    ),
    notes: labNotes(lab),
    foot: [above, below].filter(Boolean).join(', '),
  };
  return <Framed frame={frame(title, drawn.lines.slice(top, top + room), width, rows, focused, theme)} />;
};
