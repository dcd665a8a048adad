import { cleanup, render } from 'ink-testing-library';
import stringWidth from 'string-width';
import type { AnySource, Bench } from '../../source/bench/engine/bench.ts';
import { createWorldStore } from '../../source/bench/view/store.ts';
import type { View } from '../../source/bench/view/view.ts';
import type { Keymap } from '../../source/commands/calling/command.ts';
import { buildKeymap } from '../../source/commands/calling/keymap.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import type { MouseReport } from '../../source/commands/looking/mouse-commands.ts';
import type { LoopName } from '../../source/core/model/actors.ts';
import { App, type OutsideServices } from '../../source/ui/app.tsx';
import { createCanvas } from '../../source/ui/canvas.ts';
import type { Mouse } from '../../source/ui/use-mouse.ts';
import { limits } from '../support/limits.ts';
import { createMachine } from '../support/simulated-machine.ts';

/** Ink asks for the terminal's size with each frame, and starts tput to know it where nothing else tells. */
process.env.COLUMNS = '80';
process.env.LINES = '24';

const built = buildKeymap(commandTable);
if (!built.ok) throw new Error(built.messages.join('\n'));

export const keymap = built.keymap;

/** Keys that terminals send as sequences (xterm ctlseqs). */
export const keys = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  pageUp: '\x1b[5~',
  ctrl: (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 96),
  paste: (text: string) => `\x1b[200~${text}\x1b[201~`,
} as const;

/** A mouse that a test moves. */
const createTestMouse = () => {
  let listener: ((report: MouseReport) => void) | undefined;
  const mouse: Mouse = {
    follow: next => {
      listener = next;
      return () => {
        listener = undefined;
      };
    },
    rest: () => () => {},
  };
  return {
    mouse,
    isFollowed: () => listener !== undefined,
    move: (report: MouseReport) => listener?.(report),
  };
};

/** What is drawn, as text: a frame a turn. */
const createTestSurface = () => {
  const frames: string[] = [];
  let due = false;
  const take = () => {
    due = false;
    const rows = canvas.picture()?.rows.map(row =>
      row
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    );
    if (rows) frames.push(rows.join('\n'));
  };
  const canvas = createCanvas(() => {
    if (!due) queueMicrotask(take);
    due = true;
  });
  return { frames, surface: { canvas, redraw: () => {}, retake: () => {}, rest: () => () => {} } };
};

export type ScreenSetup = {
  readonly columns?: number;
  readonly rows?: number;
  readonly ascii?: boolean;
  readonly loops?: Readonly<Record<LoopName, boolean>>;
  readonly services?: Partial<OutsideServices>;
  /** Another source than a bench on the simulated machine. */
  readonly source?: AnySource;
  /** Another keymap than the table's own. */
  readonly keymap?: Keymap;
  /** What the person looks at to begin with. */
  readonly view?: Partial<View>;
};

const services: OutsideServices = {
  copy: async text => `copied ${text.length} bytes`,
  readFile: async path => {
    throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  },
  freePort: async () => 51424,
  holderOf: async () => '',
  cpuTime: () => 0,
  measureSocketTurns: () => ({ ms: () => 0, stop: () => {} }),
  wait: ms => new Promise(resolve => setTimeout(resolve, Math.min(ms, 20))),
};

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 2));

/** The whole screen over a bench on a simulated machine, at a set size. Ends with `close`. */
export const openScreen = (setup: ScreenSetup = {}) => {
  const { columns = 120, rows = 36, ascii = false, loops = { accept: false, receive: false } } = setup;
  const machine = createMachine();
  const source: AnySource = setup.source ?? machine.bench({ loops });
  const benchOf = (): Bench => {
    if (source.kind !== 'bench') throw new Error(`a ${source.kind} cannot be acted on`);
    return source;
  };
  const store = createWorldStore(source);
  store.setState(({ view }) => ({ view: { ...view, ...setup.view } }));
  const pointer = createTestMouse();
  const { surface, frames } = createTestSurface();
  const result = render(
    <App
      source={source}
      store={store}
      keymap={setup.keymap ?? keymap}
      services={{ ...services, ...setup.services }}
      mouse={pointer.mouse}
      surface={surface}
      options={{ ascii, recorded: false, origin: Date.UTC(2026, 0, 1) }}
    />,
  );
  let size = { columns, rows };
  const resize = (to: { columns: number; rows: number }) => {
    size = to;
    Object.defineProperty(result.stdout, 'columns', { configurable: true, get: () => to.columns });
    Object.defineProperty(result.stdout, 'rows', { configurable: true, get: () => to.rows });
    result.stdout.emit('resize');
  };
  resize({ columns, rows });

  const frame = (): string => frames.at(-1) ?? '';

  /** Lets `ms` of the bench's time pass, and React and promises catch up. */
  const pass = async (ms = 50): Promise<void> => {
    await machine.run(ms);
    await turn();
  };

  /** Waits until the screen shows something at its size. Meanwhile time on the bench goes on in these steps. */
  const until = async (holds: (frame: string) => boolean, what: string, step = 40): Promise<void> => {
    const limit = Date.now() + limits.wait;
    const fits = () => {
      const drawn = frame().split('\n');
      return drawn.length === size.rows && drawn.every(row => stringWidth(row) <= size.columns);
    };
    const drawn = () => fits() && holds(frame());
    while (!drawn()) {
      if (Date.now() > limit) throw new Error(`the screen never showed ${what}:\n${frame()}`);
      await pass(step);
    }
  };

  return {
    machine,
    source,
    get bench() {
      return benchOf();
    },
    store,
    frame,
    resize,
    pass,
    lines: () => frame().split('\n'),
    frames,
    shows: (text: string) => until(now => now.includes(text), `"${text}"`),
    /** Waits for the screen's own clock alone: no time passes on the bench. */
    ticks: (text: RegExp) => until(now => text.test(now), String(text), 0),
    hides: (text: string) => until(now => !now.includes(text), `no "${text}"`),
    until,
    /** Types keys one after the other, and lets the screen follow. */
    press: async (...pressed: readonly string[]): Promise<void> => {
      for (const key of pressed) {
        result.stdin.write(key);
        await turn();
        if (key === keys.escape) await new Promise(resolve => setTimeout(resolve, 25));
        await pass();
      }
    },
    hasMouse: pointer.isFollowed,
    /** Clicks where a text stands, or turns the wheel there. */
    point: async (text: string, by?: 1 | -1): Promise<void> => {
      const lines = frame().split('\n');
      const row = lines.findIndex(each => each.includes(text));
      if (row < 0) throw new Error(`"${text}" is not on the screen:\n${frame()}`);
      const column = stringWidth(lines[row]!.slice(0, lines[row]!.indexOf(text)));
      pointer.move({ column, row, ...(by ? { kind: 'wheel', by } : { kind: 'click' }) });
      await pass();
    },
    /** A call of the person's, made without the screen. */
    call: async (call: Parameters<Bench['perform']>[0]): Promise<void> => {
      benchOf().perform(call);
      await pass();
    },
    close: async (): Promise<void> => {
      result.unmount();
      cleanup();
      await source.dispose();
    },
  };
};

export type Screen = ReturnType<typeof openScreen>;
