import type { Size } from '../layout.ts';
import { useTheme } from '../parts/lines.tsx';
import { useServices, useWholeWorld } from '../screen-services.ts';
import { boxOf, rowOf, screenOf } from './overlay-table.tsx';
import { Shown } from './shown.tsx';

/** What lies over the panes. What stands in the line above the footer goes with any of these. */
export const OverlayView = ({ layout }: { readonly layout: Size }) => {
  const { context } = useServices();
  const theme = useTheme();
  const world = useWholeWorld();
  const { overlays } = world.view;
  const overlay = overlays.findLast(each => !('line' in rowOf(each)));
  if (!overlay) return null;
  const onTop = overlay === overlays.at(-1);
  const row = rowOf(overlay);
  if ('View' in row) return <row.View overlay={overlay} screen={screenOf(layout)} onTop={onTop} />;
  const drawn = boxOf(overlay, layout, { context, world, theme });
  return drawn ? <Shown drawn={drawn} onTop={onTop} /> : null;
};
