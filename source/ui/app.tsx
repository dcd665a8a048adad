import { Box, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { useLayoutEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { AnySource } from '../bench/bench.ts';
import type { WorldStore } from '../bench/store.ts';
import { isStrip } from '../bench/view.ts';
import type { AppServices } from '../commands/command.ts';
import { createContext } from '../commands/context.ts';
import { paste, press, pressAfterEscape } from '../commands/dispatch.ts';
import { firstKeys, type Keymap } from '../commands/keymap.ts';
import { Clock } from './clock.tsx';
import { keyNames } from './input.ts';
import { type Layout, layoutFor } from './layout.ts';
import { type Mouse, useMouse } from './mouse.ts';
import { BottomView } from './overlays/bottom-view.tsx';
import { OverlayView } from './overlays/overlay-view.tsx';
import { DetailsView } from './panes/details-view.tsx';
import { FooterView, HeaderView, TabsView, VerdictView } from './panes/lines-view.tsx';
import { ProgramsView } from './panes/programs-view.tsx';
import { StripView } from './panes/strip-view.tsx';
import { TimeView } from './panes/time-view.tsx';
import { ThemeContext } from './parts/lines.tsx';
import { type ScreenOptions, ServicesProvider } from './services.ts';
import { suspend } from './suspend.ts';
import { themeFor } from './theme.ts';
import { pressWhenSmall, TooSmall } from './too-small.tsx';

/** What the screen asks of the program that runs it; the rest it has from Ink. */
export type OutsideServices = Omit<AppServices, 'quit' | 'suspend' | 'redraw' | 'hasMouse'>;

export type AppProps = {
  readonly source: AnySource;
  readonly store: WorldStore;
  readonly keymap: Keymap;
  readonly services: OutsideServices;
  readonly options: ScreenOptions;
  readonly mouse: Mouse;
};

const Panes = ({ layout }: { readonly layout: Layout }) => (
  <>
    <HeaderView width={layout.columns} />
    <VerdictView width={layout.columns} />
    {layout.mode === 'narrow' ? <TabsView width={layout.columns} /> : null}
    {layout.paneRows > 0 ? <ProgramsView layout={layout} /> : null}
    {layout.detailRows > 0 ? <DetailsView width={layout.columns} rows={layout.detailRows} /> : null}
    {layout.logRows > 0 ? <StripView layout={layout} /> : null}
    <TimeView top={layout.stripTop + layout.logRows} width={layout.columns} />
    <OverlayView layout={layout} />
    <BottomView layout={layout} />
    <FooterView width={layout.columns} />
  </>
);

const useContextOf = ({ source, store, keymap, services, mouse }: AppProps) => {
  const { exit, suspendTerminal } = useApp();
  return useMemo(
    () =>
      createContext(
        source,
        store,
        {
          ...services,
          quit: code => exit(code),
          redraw: () => void suspendTerminal(() => {}),
          suspend: () => suspend({ source, store, keyOf: firstKeys(keymap) }, suspendTerminal, mouse.rest),
          hasMouse: true,
        },
        keymap,
      ),
    [source, store, keymap, services, mouse, exit, suspendTerminal],
  );
};

/** The store follows the source: one change of state a flush. */
const useSource = (source: AnySource, store: WorldStore): void =>
  useLayoutEffect(() => {
    store.setState({ bench: source.state() });
    return source.subscribe(state => store.setState({ bench: state }));
  }, [source, store]);

/** The workbench's screen. Ends through Ink's exit with the exit status: waitUntilExit resolves with it. */
export const App = (props: AppProps) => {
  const { source, store, options } = props;
  const context = useContextOf(props);
  useSource(source, store);
  useMouse(context, props.mouse);
  const size = useWindowSize();
  const zoomed = useStore(store, ({ view }) => view.zoomed);
  const onStrip = useStore(store, ({ view }) => isStrip(view.focus));
  const lab = useStore(store, ({ view }) => view.lab !== null);
  const onLab = useStore(store, ({ view }) => view.focus === 'lab');
  const time = useStore(store, ({ view }) => view.replay !== null);
  const focus = { zoomed, onStrip, lab, onLab, time };
  const layout = layoutFor(size, focus, process.platform === 'win32');
  const theme = themeFor(options.ascii);
  const small = layout.mode === 'small';
  useInput((input, key) => {
    for (const pressed of keyNames(input, key)) {
      if (typeof pressed !== 'string') {
        if (small) pressWhenSmall(context, pressed.alone);
        else pressAfterEscape(context, pressed.withAlt, pressed.alone);
      } else if (small) pressWhenSmall(context, pressed);
      else press(context, pressed);
    }
  });
  usePaste(text => {
    if (!small) paste(context, text);
  });
  const services = useMemo(() => ({ context, options }), [context, options]);
  return (
    <ServicesProvider value={services}>
      <ThemeContext value={theme}>
        <Clock source={source} store={store}>
          <Box flexDirection="column" width={layout.columns} height={layout.rows}>
            {small ? <TooSmall size={size} /> : <Panes layout={layout} />}
          </Box>
        </Clock>
      </ThemeContext>
    </ServicesProvider>
  );
};
