import { orElse, type ProcFiles, type Told } from './proc-files.ts';
import { maskOf, signalMask, statusField } from './status-fields.ts';

/** A process by what its files in /proc tell without its threads. */
export type ProcessFacts = {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  /** As ps names it; a program that is run by another has that one's name (python3). */
  readonly name: string;
  readonly argv: readonly string[];
  /** What of its own could take it out of any call; '' where nothing does. */
  readonly alarm: Alarm;
};

export type Alarm = '' | 'SIGALRM' | 'SIGIO' | 'SIGCHLD' | 'timer';

const SIGIO = 29;
const SIGALRM = 14;
const SIGCHLD = 17;

const handles = (status: string, signal: number): boolean =>
  (signalMask(status, 'SigCgt') & maskOf(signal)) !== 0n;

/** A handler runs in the middle of a call, and may do anything: end it, close the socket, send. */
const alarmOf = (proc: ProcFiles, pid: number, status: string): Alarm => {
  if (handles(status, SIGALRM)) return 'SIGALRM';
  if (handles(status, SIGIO)) return 'SIGIO';
  // Those of timer_create(2) are listed there, one with a thread for a handler too.
  if (orElse(proc.read(`${pid}/timers`), '') !== '') return 'timer';
  return handles(status, SIGCHLD) ? 'SIGCHLD' : '';
};

/** Has ended, but for its number, which its parent has not asked for (proc(5): Z zombie, X dead). */
export const hasEnded = (status: string): boolean => 'ZX'.includes(statusField(status, 'State')[0] ?? '-');

/** Kthread is told since Linux 6.11; before, what has no memory of its own. */
export const isKernels = (status: string): boolean => {
  const told = statusField(status, 'Kthread');
  return told === '' ? statusField(status, 'VmSize') === '' && !hasEnded(status) : told === '1';
};

/** A newline and a backslash in a name are told as escapes. */
const unescaped = (name: string): string =>
  name.replace(/\\([n\\])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));

/** The program's own name where Node or an interpreter calls its main thread otherwise (proc(5), comm). */
const nameOf = (status: string, argv: readonly string[]): string => {
  const name = unescaped(statusField(status, 'Name'));
  const program = argv[0]?.split('/').at(-1) ?? '';
  return name.endsWith('MainThread') && program !== '' ? program : name;
};

/** Bytes of /proc are read as latin1; what they say is UTF-8. */
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

/** `status`: what its file of that name has told. */
export const readProcess = (
  proc: ProcFiles,
  pid: number,
  status: Told<string> = proc.read(`${pid}/status`),
): ProcessFacts | null => {
  if (!status.ok || isKernels(status.value)) return null;
  const argv = utf8(orElse(proc.read(`${pid}/cmdline`), ''))
    .split('\0')
    .slice(0, -1);
  return {
    pid,
    parent: Number(statusField(status.value, 'PPid')),
    uid: Number(statusField(status.value, 'Uid').split('\t')[0]),
    name: nameOf(utf8(status.value), argv),
    argv,
    alarm: alarmOf(proc, pid, status.value),
  };
};
