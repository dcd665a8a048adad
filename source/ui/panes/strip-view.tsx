import type { ComponentType } from 'react';
import type { StripId } from '../../bench/view/view.ts';
import type { ActorId } from '../../core/model/actors.ts';
import { type Layout, stripOrder } from '../layout.ts';
import { LabPaneView } from './lab-pane-view.tsx';
import { LogView } from './log-view.tsx';
import type { StripProps } from './strip-spot.ts';
import { TimelineView } from './timeline-view.tsx';

/** What draws each pane of the strip. */
const views: Readonly<Record<StripId, ComponentType<StripProps>>> = { timeline: TimelineView, log: LogView };

type Props = { readonly layout: Pick<Layout<ActorId>, 'lab' | 'strips' | 'beside'> };

/** The lesson of a lab left, the strip beside it: all of its panes, or the one chosen. */
export const StripView = ({ layout: { lab, strips, beside } }: Props) => (
  <>
    {lab ? <LabPaneView rect={lab} /> : null}
    {stripOrder.map(id => {
      const [View, rect] = [views[id], strips[id]];
      return rect ? <View key={id} rect={rect} beside={beside} /> : null;
    })}
  </>
);
