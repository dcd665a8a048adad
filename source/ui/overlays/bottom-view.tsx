import { Box, useCursor } from 'ink';
import type { Size } from '../layout.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { useServices, useWholeWorld } from '../screen-services.ts';
import { useNow } from '../use-now.tsx';
import { bottomLine } from './bottom-line.ts';
import { boxOf } from './overlay-table.tsx';

type CursorProps = { readonly at: { readonly x: number; readonly y: number } | undefined };

/**
 * The terminal's own cursor, where text goes: input methods compose there. There is one for the whole screen, which never goes: Ink
 * hides the cursor when who has set it goes, also where another has set it in the same turn.
 */
const Cursor = ({ at }: CursorProps) => {
  useCursor().setCursorPosition(at);
  return null;
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
  return (
    <>
      <Lines lines={[line]} width={layout.columns} />
      {above.length > 0 ? (
        <Box position="absolute" left={0} top={row - above.length}>
          <Lines lines={above} width={layout.columns} />
        </Box>
      ) : null}
      <Cursor at={cursor === null ? (inBox ?? undefined) : { x: cursor, y: row }} />
    </>
  );
};
