import { Box } from 'ink';
import type { ActorId } from '../../core/model/actors.ts';
import type { Layout } from '../layout.ts';
import { LabPaneView } from './lab-pane-view.tsx';
import { LogView } from './log-view.tsx';
import { TimelineView } from './timeline-view.tsx';

type Props = { readonly layout: Pick<Layout<ActorId>, 'lab' | 'log' | 'timeline' | 'beside'> };

/** The lesson of a lab left, log and timeline beside it: both, or the one chosen. */
export const StripView = ({ layout: { lab, log, timeline, beside } }: Props) => (
  <Box flexShrink={0}>
    {lab ? <LabPaneView rect={lab} /> : null}
    {log ? <LogView rect={log} beside={beside} /> : null}
    {timeline ? <TimelineView rect={timeline} beside={beside} /> : null}
  </Box>
);
