import { useMemo } from 'react';
import type { World } from '../../bench/view/store.ts';
import { createStreams } from '../../bench/view/streams.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Context } from '../../commands/calling/command.ts';
import type { Size } from '../layout.ts';
import { useTheme } from '../parts/lines.tsx';
import { useServices, useWholeWorld } from '../screen-services.ts';
import type { Theme } from '../theme.ts';
import type { Drawn, Screen } from './drawn.ts';
import { drawEntry } from './entry-overlay.ts';
import { drawForm } from './form-overlay.ts';
import { drawHelp } from './help-overlay.ts';
import { drawLabs } from './labs-overlay.ts';
import { drawOptions } from './options-overlay.ts';
import { drawPalette } from './palette-overlay.ts';
import { drawConfirm, drawMenu } from './questions-overlay.ts';
import { drawSaved } from './saved-overlay.ts';
import { Shown } from './shown.tsx';
import { drawStream } from './stream-overlay.ts';
import { WhyView } from './why-view.tsx';

type Streams = ReturnType<typeof createStreams>;

/** The send and search lines are drawn elsewhere. */
const drawnOverlay = ({ view }: World) =>
  view.overlays.findLast(({ kind }) => kind !== 'send' && kind !== 'search');

const draw = (
  context: Context,
  world: World,
  streams: Streams,
  screen: Screen,
  theme: Theme,
): Drawn | null => {
  const { keymap, keyOf, source } = context;
  const { form } = world.view;
  const overlay = drawnOverlay(world);
  const state = shownBench(world);
  switch (overlay?.kind) {
    case 'help':
      return drawHelp(overlay, world, keymap, screen, theme);
    case 'palette':
      return drawPalette(overlay, world, keymap, screen, theme);
    case 'form':
      return drawForm(overlay, world.view.saved, keymap, screen, theme);
    case 'labs':
      return drawLabs(overlay, keyOf, screen, theme);
    case 'options':
      return drawOptions(overlay, state.sockets.get(overlay.socket), keyOf, screen, theme);
    case 'saved':
      return drawSaved(overlay, world.view.saved, keyOf, screen, theme);
    case 'menu':
      return drawMenu(overlay, world, keymap, screen, theme);
    case 'confirm':
      return drawConfirm(overlay, keyOf, screen, theme);
    case 'entry':
      return drawEntry(overlay, source.journal.at(overlay.n), form, keyOf, screen, theme);
    case 'stream': {
      const socket = state.sockets.get(overlay.socket);
      const stream = socket ? streams(socket) : { chunks: [], cut: false };
      return drawStream(overlay, state, stream, world.view, keyOf, screen, theme);
    }
    default:
      return null;
  }
};

/** Rows that stay under every overlay: the line where text goes, and the footer. */
const reservedRows = 2;

/** What lies over the panes. The send and search lines stand in the line above the footer, over any of these. */
export const OverlayView = ({ layout }: { readonly layout: Size }) => {
  const { context } = useServices();
  const theme = useTheme();
  const streams = useMemo(() => createStreams(context.source.journal), [context]);
  const world = useWholeWorld();
  const screen = { columns: layout.columns, rows: layout.rows - reservedRows };
  const drawn = draw(context, world, streams, screen, theme);
  const overlay = drawnOverlay(world);
  const onTop = overlay === world.view.overlays.at(-1);
  if (overlay?.kind === 'why') return <WhyView overlay={overlay} screen={screen} onTop={onTop} />;
  return drawn ? <Shown drawn={drawn} onTop={onTop} /> : null;
};
