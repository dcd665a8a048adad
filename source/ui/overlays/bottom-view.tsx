import { use, useLayoutEffect } from 'react';
import type { CursorSpot } from '../canvas.ts';
import type { Size } from '../layout.ts';
import { CanvasContext, Lines, useTheme } from '../parts/lines.tsx';
import { useServices, useWholeWorld } from '../screen-services.ts';
import { useNow } from '../use-now.tsx';
import { bottomLine } from './bottom-line.ts';
import { boxOf } from './overlay-table.tsx';

/** The terminal's own cursor, where text goes: input methods compose there. */
const useCursorAt = (at: CursorSpot | null): void => {
  const canvas = use(CanvasContext);
  useLayoutEffect(() => canvas.point(at));
};

/** The line above the footer: where text goes, or the message of the moment; what is refused stands over it. */
export const BottomView = ({ layout }: { readonly layout: Size }) => {
  const theme = useTheme();
  const now = useNow();
  const world = useWholeWorld();
  const { context } = useServices();
  const around = { context, world, theme };
  const { line, above, cursor } = bottomLine(around, now, layout.columns);
  const row = layout.rows - 2;
  const top = world.view.overlays.at(-1);
  const inBox = top && boxOf(top, layout, around)?.cursor;
  useCursorAt(cursor === null ? (inBox ?? null) : { x: cursor, y: row });
  return (
    <>
      <Lines lines={[line]} top={row} width={layout.columns} />
      {above.length > 0 ? (
        <Lines lines={above} top={row - above.length} width={layout.columns} layer="notice" />
      ) : null}
    </>
  );
};
