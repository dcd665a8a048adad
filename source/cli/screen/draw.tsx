import { render } from 'ink';
import type { AnySource } from '../../bench/engine/bench.ts';
import type { WorldStore } from '../../bench/view/store.ts';
import type { Keymap } from '../../commands/calling/command.ts';
import { App, type OutsideServices } from '../../ui/app.tsx';
import { createMouse, type Mouse } from '../../ui/use-mouse.ts';
import { coloursOf } from '../colour.ts';
import { complain, toTerminal } from '../print.ts';
import { restoreTerminal, signalCodes } from './terminal.ts';

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

const tellCrash = (what: string, error: unknown): void => {
  restoreTerminal();
  complain(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
};

/** The screen of one source; the same App goes on with another, so that the terminal keeps its modes. */
const screenOf = (on: Drawn, { keymap, services, ascii, heading }: DrawOptions, mouse: Mouse) => {
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
    />
  );
};

/**
 * Draws until the person quits, a signal comes or the screen fails. `done` resolves with the exit status; `show` puts
 * another source on the screen.
 */
export const draw = (first: Drawn, options: DrawOptions) => {
  // Before the first frame, so that keys typed meanwhile are neither echoed nor changed.
  process.stdin.setRawMode(true);
  const { stdin, mouse } = createMouse(process.stdin, toTerminal);
  const app = render(screenOf(first, options, mouse), {
    stdin,
    alternateScreen: true,
    exitOnCtrlC: false,
    maxFps: 120,
    incrementalRendering: true,
    interactive: true,
  });
  let code = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    code = signalCodes[signal as keyof typeof signalCodes];
    app.unmount();
  };
  for (const signal of Object.keys(signalCodes)) process.once(signal, onSignal);
  // A failure outside the screen must not leave the terminal in its modes either.
  const onCrash = (error: unknown) => {
    if (code === 0) app.unmount();
    code = 1;
    tellCrash('sockbench', error);
  };
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
  const finished = async (): Promise<number> => {
    try {
      const result = await app.waitUntilExit();
      return typeof result === 'number' ? result : code;
    } catch (error) {
      tellCrash('sockbench: the screen failed', error);
      return 1;
    }
  };
  return { done: finished(), show: (next: Drawn) => app.rerender(screenOf(next, options, mouse)) };
};
