import { Box } from 'ink';
import { isStrip } from '../../bench/view.ts';
import { bothColumns, type Layout } from '../layout.ts';
import { useWorld } from '../services.ts';
import { LabPaneView } from './lab-view.tsx';
import { LogView } from './log-view.tsx';
import { TimelineView } from './timeline-view.tsx';

/** The lesson of a lab left, log and timeline beside it: side by side on a wide screen, else the one chosen. */
export const StripView = ({ layout }: { readonly layout: Layout }) => {
  const strip = useWorld(({ view }) => view.strip);
  const zoomed = useWorld(({ view }) => view.zoomed && isStrip(view.focus));
  const { logRows: rows, labWidth, stripTop: top } = layout;
  const columns = layout.columns - labWidth;
  const beside = columns >= bothColumns && !zoomed;
  const left = beside ? Math.ceil(columns / 2) : columns;
  return (
    <Box flexShrink={0} height={rows}>
      {labWidth > 0 ? <LabPaneView top={top} width={labWidth} rows={rows} /> : null}
      {columns > 0 && (beside || strip === 'log') ? (
        <LogView left={labWidth} top={top} width={left} rows={rows} beside={beside} />
      ) : null}
      {columns > 0 && (beside || strip === 'timeline') ? (
        <TimelineView
          left={beside ? labWidth + left : labWidth}
          top={top}
          width={beside ? columns - left : columns}
          rows={rows}
          beside={beside}
        />
      ) : null}
    </Box>
  );
};
