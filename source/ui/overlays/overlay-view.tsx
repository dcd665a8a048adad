import { Box, useCursor } from 'ink';
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { World } from '../../bench/store.ts';
import { createStreams } from '../../bench/stream.ts';
import { shownBench } from '../../bench/view.ts';
import type { Context } from '../../commands/command.ts';
import type { Layout } from '../layout.ts';
import { usePage } from '../panes/programs-view.tsx';
import { Framed } from '../parts/framed.tsx';
import { useTheme } from '../parts/lines.tsx';
import { useServices, useWorld } from '../services.ts';
import type { Theme } from '../theme.ts';
import type { Drawn, Screen } from './drawn.ts';
import { drawEntry } from './entry.ts';
import { drawForm } from './form.ts';
import { drawHelp } from './help.ts';
import { drawLabs } from './labs.ts';
import { drawPalette } from './palette.ts';
import { drawConfirm, drawMenu } from './questions.ts';
import { drawStream } from './stream.ts';

type Streams = ReturnType<typeof createStreams>;

/** The terminal's own cursor, where text goes: input methods compose there. */
export const Cursor = ({ x, y }: { readonly x: number; readonly y: number }) => {
  useCursor().setCursorPosition({ x, y });
  return null;
};

const draw = (
  context: Context,
  world: World,
  streams: Streams,
  screen: Screen,
  theme: Theme,
): Drawn | null => {
  const { keymap, bench } = context;
  const { overlays, form } = world.view;
  const overlay = overlays.findLast(({ kind }) => kind !== 'send' && kind !== 'search');
  const state = shownBench(world);
  switch (overlay?.kind) {
    case 'help':
      return drawHelp(overlay, world, keymap, screen, theme);
    case 'palette':
      return drawPalette(overlay, world, keymap, screen, theme);
    case 'form':
      return drawForm(overlay, keymap, screen, theme);
    case 'labs':
      return drawLabs(overlay, screen, theme);
    case 'menu':
      return drawMenu(overlay, world, keymap, screen, theme);
    case 'confirm':
      return drawConfirm(overlay, screen, theme);
    case 'entry':
      return drawEntry(overlay, bench.journal.at(overlay.n), form, screen, theme);
    case 'stream': {
      const socket = state.sockets.get(overlay.socket);
      const stream = socket ? streams(socket) : { chunks: [], cut: false };
      return drawStream(overlay, socket, stream, form, screen, theme);
    }
    default:
      return null;
  }
};

/** Rows that stay under every overlay: the line where text goes, and the footer. */
const reservedRows = 2;

const Shown = ({ drawn, onTop }: { readonly drawn: Drawn; readonly onTop: boolean }) => {
  usePage(onTop, drawn.page, drawn.count);
  return (
    <Box position="absolute" left={drawn.left} top={drawn.top} width={drawn.width}>
      <Framed frame={drawn.frame} />
      {drawn.cursor && onTop ? <Cursor x={drawn.cursor.x} y={drawn.cursor.y} /> : null}
    </Box>
  );
};

/** What lies over the panes. The send and search lines stand in the line above the footer, over any of these. */
export const OverlayView = ({ layout }: { readonly layout: Layout }) => {
  const { context } = useServices();
  const theme = useTheme();
  const streams = useMemo(() => createStreams(context.bench.journal), [context]);
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const screen = { columns: layout.columns, rows: layout.rows - reservedRows };
  const drawn = draw(context, world, streams, screen, theme);
  const top = world.view.overlays.at(-1)?.kind;
  return drawn ? <Shown drawn={drawn} onTop={top !== 'send' && top !== 'search'} /> : null;
};
