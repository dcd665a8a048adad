import { render } from 'ink';
import type { AnySource } from '../../bench/engine/bench.ts';
import type { WorldStore } from '../../bench/view/store.ts';
import type { Keymap } from '../../commands/calling/command.ts';
import { App, type OutsideServices, type Surface } from '../../ui/app.tsx';
import { createCanvas } from '../../ui/canvas.ts';
import { createPainter, createStyle } from '../../ui/painter.ts';
import { themeFor } from '../../ui/theme.ts';
import { createMouse, type Mouse } from '../../ui/use-mouse.ts';
import { coloursOf } from '../colour.ts';
import { crashed, crashStatus, drawsOn } from '../crash.ts';
import { outputOfInk, toTerminal } from '../print.ts';
import { restoreTerminal, signalCodes } from './terminal.ts';
import { terminalGuarded } from './terminal-guard.ts';

/** A source and what the person looks at of it. */
export type Drawn = {
  readonly source: AnySource;
  readonly store: WorldStore;
  readonly recorded: boolean;
};

export type DrawOptions = {
  readonly keymap: Keymap;
  readonly services: OutsideServices;
  readonly ascii: boolean;
  /** What the header says instead of whether it is recorded. */
  readonly heading?: string;
};

/** The screen of one source; the same App goes on with another, so that the terminal keeps its modes. */
const screenOf = (
  on: Drawn,
  { keymap, services, ascii, heading }: DrawOptions,
  mouse: Mouse,
  surface: Surface,
) => {
  const options = {
    ascii,
    colours: coloursOf(process.env),
    heading,
    recorded: on.recorded,
    origin: on.source.began,
  };
  return (
    <App
      source={on.source}
      store={on.store}
      keymap={keymap}
      services={services}
      options={options}
      mouse={mouse}
      surface={surface}
    />
  );
};

/** The terminal as what is drawn on. */
const surfaceOf = ({ ascii }: DrawOptions): Surface => {
  const canvas = createCanvas(() => painter.changed());
  const style = createStyle(themeFor(ascii, coloursOf(process.env)));
  const painter = createPainter(canvas.picture, style, toTerminal);
  return { canvas, ...painter };
};

/**
 * Draws until the person quits, a signal comes or the screen fails. `done` resolves with the exit status; `show` puts
 * another source on the screen.
 */
export const draw = async (first: Drawn, options: DrawOptions) => {
  await terminalGuarded();
  // Before the first frame, so that keys typed meanwhile are neither echoed nor changed.
  process.stdin.setRawMode(true);
  const { stdin, mouse } = createMouse(process.stdin, toTerminal);
  const surface = surfaceOf(options);
  // Keys, sizes and the terminal's modes are Ink's; it draws nothing, since no part of the screen is a node of its own tree.
  const app = render(screenOf(first, options, mouse, surface), {
    stdin,
    ...outputOfInk(surface.redraw),
    alternateScreen: true,
    exitOnCtrlC: false,
    interactive: true,
  });
  let code = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    code = signalCodes[signal as keyof typeof signalCodes];
    app.unmount();
  };
  for (const signal of Object.keys(signalCodes)) process.once(signal, onSignal);
  let shown = first;
  drawsOn({
    looked: () => shown.source,
    leave: () => {
      code = crashStatus;
      try {
        app.unmount();
      } finally {
        restoreTerminal();
      }
    },
  });
  const finished = async (): Promise<number> => {
    try {
      const result = await app.waitUntilExit();
      return typeof result === 'number' ? result : code;
    } catch (error) {
      crashed(error);
      return crashStatus;
    } finally {
      drawsOn(null);
    }
  };
  const show = (next: Drawn) => {
    shown = next;
    app.rerender(screenOf(next, options, mouse, surface));
  };
  return { done: finished(), show };
};
