import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { t } from '../../core/words/translate.ts';
import { leaveScreen } from './terminal.ts';

/**
 * Keeps the terminal's settings as they were found (3 is the terminal's input, 4 its output), and hears on its standard input whether
 * this program holds the terminal. The input ends with this program, however that ends: if the terminal was held then, it gets back
 * what it was. Settings that are not the program's any more are somebody else's by now: a shell's that has taken over. Sequences
 * first: the shell's prompt comes at the same time, and what is written on the alternate screen is not seen.
 */
const script = `
found=$(stty -g <&3) || exit
echo
while read -r word; do
  case $word in
    held) held=$(stty -g <&3) ;;
    away) held= ;;
  esac
done
[ -n "$held" ] || exit
printf %s "$1" >&4
[ "$(stty -g <&3)" = "$held" ] && stty "$found" <&3
printf '%s\\r\\n' "$2" >&4
`;

/** Ends a string that was begun (ST), shows what a frame half drawn has held back (private mode 2026), and leaves the screen. */
const leaveHalfDrawn = `\x1b\\\x1b[?2026l${leaveScreen}`;

const listenTo = (child: ChildProcess): Promise<void> => {
  type Pipe = { unref(): void };
  // Where no descriptor is left there are no pipes, whatever the types say.
  const pipes = child.stdio as unknown as [Writable & Pipe, Readable & Pipe] | undefined;
  child.on('error', () => {});
  if (!pipes) return Promise.resolve();
  const [input, output] = pipes;
  // A guard that somebody has ended is none: nothing is told to it any more.
  input.on('error', () => {});
  const setRawMode = process.stdin.setRawMode.bind(process.stdin);
  process.stdin.setRawMode = mode => {
    setRawMode(mode);
    input.write(mode ? 'held\n' : 'away\n');
    return process.stdin;
  };
  return new Promise(resolve => {
    const ready = () => {
      // Neither keeps this program alive.
      child.unref();
      input.unref();
      output.unref();
      resolve();
    };
    child.once('error', ready);
    child.once('close', ready);
    output.once('data', ready);
  });
};

let guard: Promise<void> | undefined;

/**
 * Starts a small process that gives the terminal back where this one cannot do so any more: after SIGKILL, an abort, memory that
 * ran out. It knows who holds the terminal by setRawMode, through which Ink and readline take it. In a session of its own no
 * Ctrl-C and no hangup of the terminal's reaches it, and nothing stops it from writing there (termios(3), job control is a session's);
 * its descriptors lie above 2, for libuv makes those of a child block, here too. `onScreen`: more than the line's settings changes.
 */
export const guardTerminal = (onScreen: boolean): void => {
  if (guard || process.platform === 'win32' || !isatty(0) || !isatty(1)) return;
  const sentence = t`sockbench was killed or has broken off: the terminal is as it was before`;
  const child = spawn('/bin/sh', ['-c', script, 'terminal-guard', onScreen ? leaveHalfDrawn : '', sentence], {
    stdio: ['pipe', 'pipe', 'ignore', 0, 1],
    detached: true,
  });
  guard = listenTo(child);
};

/** Resolves once the terminal's settings are kept, so that they may be changed. */
export const terminalGuarded = (): Promise<void> => guard ?? Promise.resolve();
