import { Box, useCursor } from 'ink';
import { usePage } from '../panes/programs-view.tsx';
import { Framed } from '../parts/framed.tsx';
import type { Drawn } from './drawn.ts';

/** The terminal's own cursor, where text goes: input methods compose there. */
export const Cursor = ({ x, y }: { readonly x: number; readonly y: number }) => {
  useCursor().setCursorPosition({ x, y });
  return null;
};

/** An overlay at its place; `onTop`: it has the keys. */
export const Shown = ({ drawn, onTop }: { readonly drawn: Drawn; readonly onTop: boolean }) => {
  usePage(onTop, drawn.page, drawn.count);
  return (
    <Box position="absolute" left={drawn.left} top={drawn.top} width={drawn.width}>
      <Framed frame={drawn.frame} />
      {drawn.cursor && onTop ? <Cursor x={drawn.cursor.x} y={drawn.cursor.y} /> : null}
    </Box>
  );
};
