import { Box } from 'ink';
import type { Size } from '../layout.ts';
import { Lines, useTheme } from '../parts/lines.tsx';
import { useServices, useWholeWorld } from '../screen-services.ts';
import { useNow } from '../use-now.tsx';
import { bottomLine } from './bottom-line.ts';
import { Cursor } from './shown.tsx';

/** The line above the footer: where text goes, or the message of the moment; what is refused stands over it. */
export const BottomView = ({ layout }: { readonly layout: Size }) => {
  const theme = useTheme();
  const now = useNow();
  const world = useWholeWorld();
  const { context } = useServices();
  const { line, above, cursor } = bottomLine({ context, world, theme }, now, layout.columns);
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
