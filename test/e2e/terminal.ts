import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { limits } from '../support/limits.ts';
import { createScreen, type Screen } from './screen.ts';

export const projectFolder = resolve(import.meta.dirname, '../..');

export type StartOptions = {
  readonly args?: readonly string[];
  /** A JavaScript file to run instead of sockbench. */
  readonly program?: string;
  /** What runs the program; another Node, or a shell with `program` as its script. */
  readonly command?: string;
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Its shell waits for `goOn` behind the program, as a person does at a prompt: what happens meanwhile is seen. */
  readonly lingers?: boolean;
  /** The terminal's settings before the program begins, as words of `stty`. */
  readonly settings?: string;
};

type Condition = RegExp | ((lines: readonly string[]) => boolean);

type Waiter = { readonly holds: () => boolean; readonly met: () => void; readonly ended: () => void };

/**
 * The program's parent is a shell, as in life: it notes the terminal's modes (`stty -g`) before and after, and
 * goes on when the program was killed. The inner shell becomes the program, so that its pid is known.
 */
const shell = `[ -e "$0/settings" ] && stty $(cat "$0/settings")
stty -g > "$0/before"
sh -c 'echo $$ > "$0/pid.part"; mv "$0/pid.part" "$0/pid"; exec "$@"' "$0" "$@"
code=$?
while [ -e "$0/lingers" ]; do sleep 0.02; done
stty -g > "$0/after"
exit $code`;

let built = false;

/**
 * Builds sockbench where the sources are newer than the bundle; once for a process, and for all those of a run of tests: to look at
 * all sources takes longer than many a test.
 */
export const ensureBuilt = (): void => {
  const run = process.env.SOCKBENCH_RUN_FOLDER;
  const mark = run && join(run, 'built');
  built ||= mark !== undefined && existsSync(mark);
  if (built) return;
  execFileSync(process.execPath, ['scripts/build.ts', '--stale', '--quiet'], { cwd: projectFolder });
  if (mark) writeFileSync(mark, '');
  built = true;
};

/** Nothing of the person's own settings; no CI, which makes Ink think that nobody is looking. */
const environment = (folder: string, extra: StartOptions['env'] = {}): Record<string, string> => {
  const own = {
    PATH: process.env.PATH,
    HOME: folder,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(projectFolder, 'node_modules/.cache/sockbench-test'),
    ...extra,
  };
  return Object.fromEntries(
    Object.entries(own).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
};

const describe = (condition: Condition): string =>
  condition instanceof RegExp ? String(condition) : condition.toString().replace(/\s+/g, ' ').slice(0, 200);

/** Runs a program in a real pseudo-terminal and reads its screen back through xterm's own parser. */
export const start = (options: StartOptions = {}) => {
  if (options.program === undefined) ensureBuilt();
  const { cols = 120, rows = 36, cwd = projectFolder } = options;
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-e2e-'));
  if (options.settings) writeFileSync(join(folder, 'settings'), options.settings);
  if (options.lingers) writeFileSync(join(folder, 'lingers'), '');
  const program = options.program ?? join(projectFolder, 'bin/sockbench.cjs');
  const command = [options.command ?? process.execPath, program, ...(options.args ?? [])];
  const pty = spawn('/bin/sh', ['-c', shell, folder, ...command], {
    cols,
    rows,
    cwd,
    env: environment(folder, options.env),
    encoding: null,
  });
  const { promise: exited, resolve: tellExit } = Promise.withResolvers<number>();
  const chunks: Buffer[] = [];
  let waiters: Waiter[] = [];
  let unread = 0;
  let exitCode: number | undefined;

  const look = () => {
    for (const waiter of waiters.filter(({ holds }) => holds())) {
      waiters = waiters.filter(other => other !== waiter);
      waiter.met();
    }
  };

  // Every frame is looked at: a message stands for seconds, and this process may get no processor for longer.
  const screen: Screen = createScreen(cols, rows, reply => pty.write(reply), look);

  const settle = () => {
    if (exitCode === undefined && screen.updating()) return;
    look();
    if (exitCode === undefined || unread > 0) return;
    tellExit(exitCode);
    for (const waiter of waiters.splice(0)) waiter.ended();
  };

  // With encoding null node-pty hands over buffers, whatever its types say.
  (pty.onData as unknown as (listener: (bytes: Buffer) => void) => void)(bytes => {
    chunks.push(bytes);
    unread++;
    void screen.write(bytes).then(() => {
      unread--;
      settle();
    });
  });

  pty.onExit(event => {
    exitCode = event.exitCode;
    settle();
  });

  const picture = () => `${screen.lines().join('\n').trimEnd()}\n`;

  const wait = (holds: () => boolean, what: string) =>
    new Promise<void>((met, fail) => {
      const give = (why: string) => {
        waiters = waiters.filter(other => other !== waiter);
        clearTimeout(timer);
        fail(new Error(`${why}, still waiting for ${what}. The screen:\n${picture()}`));
      };
      const timer = setTimeout(() => give(`${limits.wait} ms went by`), limits.wait);
      const waiter: Waiter = {
        holds,
        met: () => {
          clearTimeout(timer);
          met();
        },
        ended: () => give(`the program ended with ${exitCode}`),
      };
      waiters.push(waiter);
      settle();
    });

  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
  const pid = () => (existsSync(join(folder, 'pid')) ? Number(read('pid')) : undefined);

  return {
    /** A folder of this run's own: HOME, settings and whatever a test wants to put there. */
    folder,
    /** The program's process id; undefined until the shell has started it. */
    pid,
    type: (keys: string) => pty.write(keys),
    /** As a terminal pastes: bracketed where the program asked for it, newlines as carriage returns. */
    paste: (text: string) => {
      const typed = text.replaceAll('\r\n', '\r').replaceAll('\n', '\r');
      pty.write(screen.modes().bracketedPaste ? `\x1b[200~${typed}\x1b[201~` : typed);
    },
    resize: (newCols: number, newRows: number) => {
      screen.resize(newCols, newRows);
      pty.resize(newCols, newRows);
    },
    /** Nobody reads what the program writes, until somebody does again. */
    stopReading: () => pty.pause(),
    readAgain: () => pty.resume(),
    /** It is gone, as a window that is closed: its type has no word for that. */
    vanish: () => (pty as unknown as { destroy: () => void }).destroy(),
    screen: screen.lines,
    picture,
    cells: screen.cells,
    cursor: screen.cursor,
    modes: screen.modes,
    scrollback: screen.scrollback,
    titles: screen.titles,
    clipboard: screen.clipboard,
    /** Every byte the program has written so far. */
    raw: () => Buffer.concat(chunks),
    /** Resolves once the screen (rows joined by newlines) matches; rejects with the screen as it was. */
    until: (condition: Condition) =>
      wait(
        () => (condition instanceof RegExp ? condition.test(picture()) : condition(screen.lines())),
        describe(condition),
      ),
    /**
     * Resolves once the program takes keys one by one. A first frame may come before that: what is typed then
     * still passes the terminal's line editing, which turns Enter into a newline and echoes.
     */
    ready: () => wait(() => screen.modes().bracketedPaste, 'bracketed paste'),
    /**
     * Resolves once nothing has been written for `pause` ms, or after `most` ms where a clock is on screen: for
     * pictures, where no one condition tells the end.
     */
    quiet: async (pause = 250, most = 1_500) => {
      for (let before = -1, left = most; before !== chunks.length && left > 0; left -= pause) {
        before = chunks.length;
        await new Promise(resume => setTimeout(resume, pause));
      }
    },
    /** Resolves once the program's whole output so far matches, as Latin-1 text: a byte a character. */
    untilRaw: (pattern: RegExp) =>
      wait(() => pattern.test(Buffer.concat(chunks).toString('latin1')), `output ${pattern}`),
    /** Sends the program a signal. */
    kill: (signal: NodeJS.Signals) => {
      const target = pid();
      if (target === undefined) throw new Error('the program has not started: wait for its screen first');
      process.kill(target, signal);
    },
    /**
     * Resolves with the exit code, once all it wrote is on the screen; 128 and its number where a signal killed it. Rejects with
     * the screen where it goes on, as it does when it asks something more.
     */
    get exited(): Promise<number> {
      return wait(() => exitCode !== undefined && unread === 0, 'its end').then(() => exited);
    },
    exitCode: () => exitCode,
    /** With `lingers`: the program is over, and its shell ends too. */
    goOn: () => rmSync(join(folder, 'lingers')),
    /** The terminal's modes as `stty -g` writes them, before the program began and after it ended. */
    stty: () => ({ before: read('before'), after: read('after') }),
    /** Ends what still runs and removes the folder. */
    dispose: async () => {
      const target = pid();
      if (exitCode === undefined && target !== undefined) {
        try {
          process.kill(target, 'SIGKILL');
        } catch {
          // It has just ended by itself.
        }
      }
      if (exitCode === undefined) pty.kill('SIGHUP');
      await exited;
      screen.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type Terminal = ReturnType<typeof start>;
