import { Box, Text } from 'ink';
import type { Frame } from './frame.ts';
import { Lines, useTheme } from './lines.tsx';

/** A frame on the screen. */
export const Framed = ({ frame }: { readonly frame: Frame }) => {
  const theme = useTheme();
  const { width, top, bottom, side, rows } = frame;
  const border = <Text {...theme.looks[side.role]}>{side.text}</Text>;
  return (
    <Box flexDirection="column" width={width} flexShrink={0}>
      <Lines lines={[top]} width={width} />
      {rows.length > 0 ? (
        <Box flexShrink={0}>
          {border}
          <Lines lines={rows} width={width - 2} />
          {border}
        </Box>
      ) : null}
      <Lines lines={[bottom]} width={width} />
    </Box>
  );
};
