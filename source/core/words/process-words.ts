import { safeText } from '../bytes/payload.ts';
import type { Act } from '../model/need.ts';
import type { Doubt, ProcessEnd, ProcessState, ThreadDoing } from '../model/process.ts';
import { listed } from './listed.ts';
import { marked, t } from './translate.ts';

/** What a thread is about, to follow its name; shown through `t`. */
export const doingWords: Readonly<Record<ThreadDoing, string>> = {
  call: marked('is in a call on a socket'),
  lock: marked('waits for another thread of its process (a lock, a queue, its end)'),
  'shared lock': marked('waits for a lock that other processes share'),
  running: marked('is running'),
  stopped: marked('is stopped by a signal or a debugger'),
  outside: marked('is held outside of any call'),
  hidden: marked('is in a call that the kernel does not tell you'),
  unread: marked('waits for descriptors that the kernel does not tell you'),
  nothing: marked('waits for no descriptor at all'),
  restart: marked('goes on with a call that a signal interrupted'),
  sleep: marked('sleeps'),
  child: marked('waits for a child process'),
  signal: marked('waits for a signal'),
  pipe: marked('is at a pipe'),
  terminal: marked('is at its terminal'),
  file: marked('waits for a file'),
  unix: marked('is at a Unix socket'),
  ring: marked('waits for its io_uring'),
  unknown: marked('is in a call that no socket ends'),
};

/** Why nothing certain is said of a wait, to follow its thread's name; shown through `t`. */
export const doubtWords: Readonly<Record<Doubt, string>> = {
  SIGALRM: marked('handles SIGALRM, which may take it out of the call'),
  SIGIO: marked('handles SIGIO, which may take it out of the call'),
  SIGCHLD: marked('handles SIGCHLD and has children, so that one may take it out of the call'),
  timer: marked('has a timer (timer_create), which may take it out of the call'),
  io_uring: marked('has an io_uring, through which it may act unseen'),
  timeouts: marked('may have SO_RCVTIMEO or SO_SNDTIMEO set, which could not be asked here'),
  'in flight': marked('may have lent its socket: a descriptor is on its way between processes'),
  closed: marked('may be in a call on a socket that was closed since, its descriptor being another now'),
  'hidden child': marked('has a child that may not be looked at, and that may have its sockets'),
};

/** `python3 (p1)`: a process as it is named where several are spoken of. */
export const processWords = ({ name, actor }: Pick<ProcessState, 'name' | 'actor'>): string =>
  `${safeText(name)} (${actor})`;

/** How a process ended, to follow its name. */
export const endWords = ({ code, signal }: ProcessEnd): string => {
  if (signal !== '') return t`was killed by ${signal}`;
  return code === null ? t('is gone') : t`ended with exit status ${code}`;
};

/** Longest that a command line is shown. */
const longestArguments = 100;

/**
 * A command line with its program's name alone: `python3 server.py 8000`. A program may have put a title in place of its
 * arguments, as nginx does: that is one word with spaces.
 */
export const argumentWords = ([program = '', ...rest]: readonly string[]): string => {
  const isTitle = rest.length === 0 && program.includes(' ');
  // A program in an argument, as behind python3 -c, is read elsewhere.
  const shown = rest.map(word => (word.includes('\n') ? '...' : word));
  const words = [isTitle ? program : program.split('/').at(-1), ...shown];
  const line = safeText(words.join(' ')).replace(/\s+/g, ' ').trim();
  return line.length > longestArguments ? `${line.slice(0, longestArguments - 3)}...` : line;
};

/** What would end a deadlock of processes, the programs being changed or not. */
export const processRemedies = (acts: ReadonlySet<Act | 'come'>, pids: readonly number[]): string => {
  const remedies: string[] = [];
  if (acts.has('send'))
    remedies.push(t('one of them sends first, or half-closes (shutdown) where it has no more to send'));
  if (acts.has('recv')) remedies.push(t('one of them receives while it sends: a thread each, or select'));
  if (acts.has('accept')) remedies.push(t('a thread of the server accepts while another serves'));
  remedies.push(t('a timeout (settimeout)'));
  return t`${remedies.join(t('; '))}; now: kill ${listed(pids.map(String), 'or')}`;
};
