import { Box } from 'ink';
import { useShallow } from 'zustand/react/shallow';
import type { Layout } from '../layout.ts';
import { useNow } from '../now.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { useServices, useWorld } from '../services.ts';
import { bottomLine } from './bottom-line.ts';
import { Cursor } from './shown.tsx';

/** The line above the footer: where text goes, or the message of the moment; what is refused stands over it. */
export const BottomView = ({ layout }: { readonly layout: Layout }) => {
  const { context } = useServices();
  const theme = useTheme();
  const now = useNow(context.bench, context.store);
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const { line, above, cursor } = bottomLine(world, now, layout.columns, theme);
  const row = layout.rows - 2;
  return (
    <>
      <Lines lines={[line]} width={layout.columns} />
      {above.length > 0 ? (
        <Box position="absolute" left={0} top={row - above.length}>
          <Lines lines={above} width={layout.columns} />
        </Box>
      ) : null}
      {cursor === null ? null : <Cursor x={cursor} y={row} />}
    </>
  );
};
