import { useMemo } from 'react';
import { createStreams } from '../../bench/view/streams.ts';
import type { Size } from '../layout.ts';
import { useTheme } from '../parts/lines.tsx';
import { useServices, useWholeWorld } from '../screen-services.ts';
import { rowOf } from './overlay-table.tsx';
import { Shown } from './shown.tsx';

/** Rows that stay under every overlay: the line where text goes, and the footer. */
const reservedRows = 2;

/** What lies over the panes. What stands in the line above the footer goes with any of these. */
export const OverlayView = ({ layout }: { readonly layout: Size }) => {
  const { context } = useServices();
  const theme = useTheme();
  const streams = useMemo(() => createStreams(context.source.journal), [context]);
  const world = useWholeWorld();
  const { overlays } = world.view;
  const overlay = overlays.findLast(each => !('line' in rowOf(each)));
  if (!overlay) return null;
  const screen = { columns: layout.columns, rows: layout.rows - reservedRows };
  const onTop = overlay === overlays.at(-1);
  const row = rowOf(overlay);
  if ('View' in row) return <row.View overlay={overlay} screen={screen} onTop={onTop} />;
  const drawn = 'box' in row ? row.box(overlay, { context, world, streams, screen, theme }) : null;
  return drawn ? <Shown drawn={drawn} onTop={onTop} /> : null;
};
