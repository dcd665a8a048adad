import { useApp, useInput, usePaste, useWindowSize } from 'ink';
import { useLayoutEffect, useMemo } from 'react';
import type { AnySource } from '../bench/engine/bench.ts';
import type { WorldStore } from '../bench/view/store.ts';
import type { AppServices, Keymap } from '../commands/calling/command.ts';
import { createContext } from '../commands/calling/context.ts';
import { paste, press, pressAfterEscape } from '../commands/calling/dispatch.ts';
import { keysFrom } from '../commands/calling/hint-keys.ts';
import type { ActorId } from '../core/model/actors.ts';
import type { Canvas } from './canvas.ts';
import { keyNames } from './input.ts';
import type { Layout } from './layout.ts';
import { BottomView } from './overlays/bottom-view.tsx';
import { OverlayView } from './overlays/overlay-view.tsx';
import type { Painter } from './painter.ts';
import { DetailsView } from './panes/details-view.tsx';
import { FoldedView } from './panes/folded-view.tsx';
import { FooterView, HeaderView, VerdictView } from './panes/lines-view.tsx';
import { ProgramsView } from './panes/programs-view.tsx';
import { StripView } from './panes/strip-view.tsx';
import { TimeView } from './panes/time-view.tsx';
import { CanvasContext, ThemeContext } from './parts/lines.tsx';
import { type ScreenOptions, ServicesProvider } from './screen-services.ts';
import { suspend } from './suspend.ts';
import { themeFor } from './theme.ts';
import { pressWhenSmall, TooSmall } from './too-small.tsx';
import { useLayout } from './use-layout.ts';
import { type Mouse, useMouse } from './use-mouse.ts';
import { Clock } from './use-now.tsx';
import { useWholeFrame } from './use-whole-frame.ts';

/** What is drawn on. */
export type Surface = { readonly canvas: Canvas } & Pick<Painter, 'redraw' | 'retake' | 'rest'>;

/** What the screen asks of the program that runs it; the rest it has from Ink. */
export type OutsideServices = Omit<AppServices, 'quit' | 'suspend' | 'redraw' | 'hasMouse'>;

export type AppProps = {
  readonly source: AnySource;
  readonly store: WorldStore;
  readonly keymap: Keymap;
  readonly services: OutsideServices;
  readonly options: ScreenOptions;
  readonly mouse: Mouse;
  readonly surface: Surface;
};

const Panes = ({ layout }: { readonly layout: Layout<ActorId> }) => (
  <>
    <HeaderView top={0} width={layout.columns} />
    <VerdictView top={1} width={layout.columns} />
    <FoldedView folded={layout.folded} />
    <ProgramsView open={layout.open} />
    {layout.details ? <DetailsView rect={layout.details} folded={layout.folded.titles} /> : null}
    <StripView layout={layout} />
    {layout.time ? <TimeView rect={layout.time} /> : null}
    <OverlayView layout={layout} />
    <BottomView layout={layout} />
    <FooterView top={layout.rows - 1} width={layout.columns} />
  </>
);

const useContextOf = ({ source, store, keymap, services, mouse, surface }: AppProps) => {
  const { exit, suspendTerminal } = useApp();
  return useMemo(() => {
    const away = async (use: () => Promise<void>): Promise<void> => {
      const goOn = surface.rest();
      try {
        await suspendTerminal(use);
      } finally {
        goOn();
      }
    };
    return createContext(
      source,
      store,
      {
        ...services,
        quit: code => exit(code),
        redraw: () => {
          surface.retake();
          mouse.rest()();
        },
        suspend: () => suspend({ source, store, keysFrom: keysFrom(keymap) }, away, mouse.rest),
        hasMouse: true,
      },
      keymap,
    );
  }, [source, store, keymap, services, mouse, surface, exit, suspendTerminal]);
};

/** The store follows the source: one change of state a flush. */
const useSource = (source: AnySource, store: WorldStore): void =>
  useLayoutEffect(() => {
    // Whoever hears of a change looks at all of the screen: nothing has changed where it is drawn for the first time.
    if (store.getState().bench !== source.state()) store.setState({ bench: source.state() });
    return source.subscribe(state => store.setState({ bench: state }));
  }, [source, store]);

/** The workbench's screen. Ends through Ink's exit with the exit status: waitUntilExit resolves with it. */
export const App = (props: AppProps) => {
  const { source, store, options } = props;
  const context = useContextOf(props);
  useSource(source, store);
  useMouse(context, props.mouse);
  useWholeFrame(props.surface.redraw);
  const size = useWindowSize();
  const layout = useLayout(store, size, context.keyOf);
  const theme = themeFor(options.ascii, options.colours);
  const { small, columns, rows } = layout;
  const { canvas } = props.surface;
  useLayoutEffect(() => canvas.resize({ columns, rows }), [canvas, columns, rows]);
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
        <CanvasContext value={canvas}>
          <Clock source={source} store={store}>
            {small ? <TooSmall size={size} /> : <Panes layout={layout} />}
          </Clock>
        </CanvasContext>
      </ThemeContext>
    </ServicesProvider>
  );
};
