import { rmSync } from 'node:fs';
import { safeText } from '../../core/bytes/printable.ts';
import { t } from '../../core/words/translate.ts';
import { type Guest, knockAt } from '../../drivers/system/local-door.ts';
import { complain } from '../print.ts';
import { type Door, foundDoors } from './join-place.ts';
import { checkStrace } from './strace-check.ts';
import { startJoining } from './strace-program.ts';
import { statusOf } from './trace-lines.ts';
import { whomOf } from './trace-whom.ts';

type Found = { readonly door: Door; readonly guest: Guest };

/** Traces that run, the newest first. What traces that were killed have left is removed. */
const runningTraces = async (): Promise<readonly Found[]> => {
  const found: Found[] = [];
  for (const door of foundDoors()) {
    const guest = await knockAt(door.path);
    if (guest) found.push({ door, guest });
    else rmSync(door.path, { force: true });
  }
  return found;
};

const numbers = (found: readonly Found[]): string => found.map(({ door }) => door.pid).join(', ');

/** The trace that is meant, or why there is none. */
const chosen = (found: readonly Found[], wanted: number | null): Found | string => {
  const [newest] = found;
  if (!newest) return t('no trace of yours is running: sockbench trace -- COMMAND starts one');
  if (wanted !== null)
    return (
      found.find(({ door }) => door.pid === wanted) ??
      t`${wanted} is no trace of yours that is running: ${numbers(found)}`
    );
  if (found.length > 1)
    complain(
      t`sockbench trace: joins the newest of ${found.length} traces, ${newest.door.pid}; --join=PID another (${numbers(found)})`,
    );
  return newest;
};

const pipeIn = (message: unknown): string =>
  typeof message === 'object' && message !== null && 'pipe' in message && typeof message.pipe === 'string'
    ? message.pipe
    : '';

/** Ctrl-C comes from the terminal, to the program too, and is the program's to answer. */
const ofTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const forwarded: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

const startIn = async ({ guest }: Found, command: readonly string[]): Promise<number | string> => {
  const pipe = pipeIn(await guest.hear());
  if (pipe === '') return t('the trace has ended');
  const { child, ended } = startJoining(command, pipe);
  guest.say({ pid: child.pid ?? 0 });
  for (const signal of ofTerminal) process.on(signal, () => {});
  for (const signal of forwarded) process.on(signal, () => void child.kill(signal));
  const how = await ended;
  guest.close();
  return statusOf(how);
};

/** The one command, and the number of the trace; or what is wrong with what was asked for. */
const asked = (
  words: readonly string[],
  join: string | true,
): { readonly command: readonly string[]; readonly wanted: number | null } | string => {
  if (join !== true && !/^[1-9]\d{0,9}$/.test(join))
    return t`--join=PID takes the number of a trace, not ${safeText(join)}: sockbench trace --join -- COMMAND`;
  const check = checkStrace();
  if (!check.ok) return check.message;
  const whom = whomOf(words, []);
  if (typeof whom === 'string') return whom;
  const [command, second] = whom.kind === 'commands' ? whom.commands : [];
  if (!command || second) return t('one program joins at a time: leave the others out');
  return { command, wanted: join === true ? null : Number(join) };
};

/** `sockbench trace --join`: a program of this terminal, in a trace that runs. Its own exit status, or why it did not start. */
export const joinTrace = async (words: readonly string[], join: string | true): Promise<number | string> => {
  const read = asked(words, join);
  if (typeof read === 'string') return read;
  const found = await runningTraces();
  const one = chosen(found, read.wanted);
  for (const other of found) if (other !== one) other.guest.close();
  return typeof one === 'string' ? one : startIn(one, read.command);
};
