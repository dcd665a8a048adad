import { Box, Text } from 'ink';
import { createContext, memo, use } from 'react';
import { type Theme, themeFor } from '../theme.ts';
import { fitted, guarded, type StyledLine } from './styled-line.ts';

export const ThemeContext = createContext<Theme>(themeFor(false));

export const useTheme = (): Theme => use(ThemeContext);

const Row = memo(
  ({ line, theme }: { readonly line: StyledLine; readonly theme: Theme }) => (
    <Text wrap="truncate-end">
      {line.map((part, index) =>
        part.role === 'plain' ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity, a line is drawn whole
          <Text key={index} {...theme.looks[part.role]}>
            {part.text}
          </Text>
        ),
      )}
    </Text>
  ),
  (before, after) => before.theme === after.theme && sameLine(before.line, after.line),
);

const sameLine = (a: StyledLine, b: StyledLine): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((part, index) => part.text === b[index]!.text && part.role === b[index]!.role));

/** Lines drawn as they are, each exactly `width` columns. */
export const Lines = ({
  lines,
  width,
}: {
  readonly lines: readonly StyledLine[];
  readonly width: number;
}) => {
  const theme = useTheme();
  return (
    <Box flexDirection="column" width={width} flexShrink={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Row key={index} line={fitted(guarded(line), width, theme.ellipsis)} theme={theme} />
      ))}
    </Box>
  );
};
