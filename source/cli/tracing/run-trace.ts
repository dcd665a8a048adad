import { createToldSource } from '../../bench/processes/told-source.ts';
import { parseDuration } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';
import type { GlobalFlags } from '../global-flags.ts';
import { complain } from '../print.ts';
import { beforeScreen } from '../screen/before-screen.ts';
import { startRecording } from '../sessions/recording.ts';
import { openLines } from './line-file.ts';
import { checkStrace } from './strace-check.ts';
import { type InLines, traceInLines } from './trace-lines.ts';
import { printTrace } from './trace-log.ts';
import { type Whom, whomOf } from './trace-whom.ts';

export type TraceFlags = {
  /** --no-screen makes it false. */
  readonly screen: boolean;
  readonly pid?: readonly string[];
  readonly timeout?: string;
  readonly json?: boolean;
  readonly output?: string;
  /** --join, or --join=PID. */
  readonly join?: string | true;
};

const badInput = 2;

type Asked = { readonly whom: Whom; readonly bySeccomp: boolean; readonly timeout: number | null };

/** A flag that is for lines, where there is a screen. */
const forLines = ({ screen, timeout, json, output }: TraceFlags): string | null => {
  const [flag] = [timeout && '--timeout', json && '--json', output && '-o'].filter(Boolean);
  return screen && flag ? t`${flag} goes with --no-screen: sockbench trace --no-screen ${flag} ...` : null;
};

/** What the command line asks for, or what is wrong with it. */
const readAsked = (words: readonly string[], flags: TraceFlags): Asked | string => {
  const misplaced = forLines(flags);
  if (misplaced) return misplaced;
  const timeout = flags.timeout === undefined ? null : parseDuration(flags.timeout);
  if (timeout !== null && !timeout.ok) return `--timeout: ${timeout.message}`;
  const check = checkStrace();
  if (!check.ok) return check.message;
  const whom = whomOf(words, flags.pid ?? []);
  if (typeof whom === 'string') return whom;
  return { whom, bySeccomp: check.bySeccomp, timeout: timeout?.value ?? null };
};

const inLines = async (asked: Asked, flags: TraceFlags & GlobalFlags): Promise<number | string> => {
  const lines =
    flags.output === undefined ? { print: complain, close: async () => {} } : await openLines(flags.output);
  if (typeof lines === 'string') return lines;
  const source = createToldSource('trace');
  const recording = flags.record === undefined ? null : await startRecording(source, flags.record);
  if (typeof recording === 'string') return recording;
  const json = flags.json ?? false;
  printTrace(source, json, lines.print);
  const run: InLines = { ...asked, json, print: lines.print, complain };
  try {
    return await traceInLines(run, source);
  } finally {
    await source.dispose();
    await recording?.stop();
    await lines.close();
  }
};

const onScreen = async (asked: Asked, flags: GlobalFlags): Promise<number | string> => {
  await beforeScreen(flags);
  const { traceOnScreen } = await import('./trace-screen.ts');
  return traceOnScreen(asked, flags);
};

/** A program joins a trace, whose flags are its own. */
const joining = async (words: readonly string[], join: string | true, flags: TraceFlags & GlobalFlags) => {
  const { screen, timeout, json, output, pid, record } = flags;
  if (!screen || timeout || json || output || pid || record)
    return t('--join goes with a command alone: sockbench trace --join -- COMMAND ARGUMENT...');
  const { joinTrace } = await import('./join.ts');
  return joinTrace(words, join);
};

const start = async (words: readonly string[], flags: TraceFlags & GlobalFlags): Promise<number | string> => {
  if (flags.join !== undefined) return joining(words, flags.join, flags);
  const asked = readAsked(words, flags);
  if (typeof asked === 'string') return asked;
  return flags.screen ? onScreen(asked, flags) : inLines(asked, flags);
};

/** `sockbench trace`: every socket call of programs, in the workbench or as lines. Answers the exit status. */
export const runTrace = async (
  words: readonly string[],
  flags: TraceFlags & GlobalFlags,
): Promise<number> => {
  const code = await start(words, flags);
  if (typeof code === 'number') return code;
  complain(`sockbench trace: ${code}`);
  return badInput;
};
