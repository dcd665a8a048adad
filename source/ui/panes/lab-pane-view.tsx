import { focusPane } from '../../commands/calling/overlays.ts';
import { scrollLab } from '../../commands/keeping/lab-scroll.ts';
import { t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { Framed } from '../parts/framed.tsx';
import { useTheme } from '../parts/lines.tsx';
import type { Rect } from '../rect.ts';
import { useKeyOf, useKeysInPanes, useServices, useWorld } from '../screen-services.ts';
import { useLabTop, usePage, useSpot } from '../use-last-drawn.ts';
import { fittingRows, labNotes, labRows, labTop } from './lab-pane.ts';
import { paneName } from './pane-title.ts';
import { stageLesson } from './stage-lesson.ts';

/** The lesson of the lab that is open: words, lines, what was expected and what happened. */
export const LabPaneView = ({ rect }: { readonly rect: Rect }) => {
  const { width, height: rows } = rect;
  const { context } = useServices();
  const theme = useTheme();
  const keyOf = useKeyOf();
  const keysInPanes = useKeysInPanes();
  const lab = useWorld(({ view }) => view.lab);
  const focused = useWorld(({ view }) => view.focus === 'lab');
  const onTop = useWorld(({ view }) => view.overlays.length === 0);
  const room = rows - 2;
  const view = useWorld(world => world.view);
  const whole = lab
    ? labRows(stageLesson(lab, view, keysInPanes), width - 2, keysInPanes, theme, view.stage)
    : { lines: [], from: 0, to: 0 };
  const drawn = fittingRows(whole, room);
  const top = lab ? labTop(lab, drawn, room) : 0;
  useLabTop(top);
  useSpot('lab', {
    ...rect,
    over: false,
    click: () => focusPane(context, 'lab'),
    wheel: by => scrollLab(context, { rows: by }, { page: room, lines: drawn.lines.length }),
  });
  usePage(focused && onTop, room, drawn.lines.length);
  if (!lab) return null;
  const above = top > 0 ? t`${top} above` : '';
  const rest = drawn.lines.length - top - room;
  const below = rest > 0 ? t`${rest} below` : '';
  const title = {
    name: paneName('lab', keyOf, focused, t`Lab ${`${lab.name} ${lab.stage}/${lab.stages}`}`),
    notes: labNotes(lab),
    foot: [above, below].filter(Boolean).join(t(', ')),
  };
  return (
    <Framed
      frame={frame(title, drawn.lines.slice(top, top + room), width, rows, focused, theme)}
      left={rect.left}
      top={rect.top}
    />
  );
};
