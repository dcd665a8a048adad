import { safeText } from '../../core/bytes/payload.ts';
import { calls } from '../../core/calls/calls.ts';
import { processOfThread } from '../../core/model/process.ts';
import { type PlannedCall, wasInterrupted } from '../projection/call-plan.ts';
import type { Streamed } from '../projection/projection.ts';
import { faultWords } from '../projection/told.ts';
import { type Syscall, type SyscallContext, syscallOf } from './strace-calls.ts';
import { createStraceKernel } from './strace-kernel.ts';
import { stringLimit } from './strace-words.ts';

/** Process ids are stand-ins: one a thread, in the order in which they appear. */
const firstProcess = 1000;

/** strace's -a: results stand from this column on. */
const resultColumn = 40;

/** A clock that tells the time of the day in UTC with microseconds; `at` in microseconds since 1970. */
const createClock = () => {
  let second = Number.NaN;
  let shown = '';
  return (at: number): string => {
    const whole = Math.floor(at / 1e6);
    if (whole !== second) shown = new Date(whole * 1000).toISOString().slice(11, 19);
    second = whole;
    return `${shown}.${sixDigits(at - whole * 1e6)}`;
  };
};

const threeDigits = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

/** A whole number below 10^6. */
const sixDigits = (value: number): string =>
  `${threeDigits[Math.floor(value / 1000)]!}${threeDigits[value % 1000]!}`;

/** Seconds with microseconds; below 0 only where somebody made the session up. */
const secondsOf = (ms: number): string => {
  const whole = Math.round(ms * 1000);
  // Rounded by hand where that is surely as toFixed does it, which costs as much as half the line: sessions have whole microseconds.
  const isSure = ms >= 0 && Math.abs(ms * 1000 - whole) < 0.25 && whole < 1e12;
  if (!isSure) return (ms / 1000).toFixed(6);
  const seconds = Math.floor(whole / 1e6);
  return `${seconds}.${sixDigits(whole - seconds * 1e6)}`;
};

const lasted = ({ startedAt, endedAt }: PlannedCall): string =>
  `<${secondsOf((endedAt ?? startedAt!) - startedAt!)}>`;

const aligned = (left: string, right: string): string => `${left.padEnd(resultColumn - 1)} = ${right}`;

const interruption = '--- SIGINT {si_signo=SIGINT, si_code=SI_KERNEL} ---';

const commentLines = ({ header, told }: Streamed, processes: ReadonlyMap<string, number>): string[] => [
  `# Written by sockbench from a session of its own${header.lab ? `, lab ${safeText(header.lab)}` : ''}, in the manner of strace -f -tt -T -s ${stringLimit}:`,
  '# what its calls are in a program that makes them one by one, not what sockbench itself called.',
  `# Began ${safeText(header.began)}; times are UTC. Process ids, descriptors and addresses of buffers are stand-ins.`,
  '# send, sendall and flush are one sendto each, read and readline one recvfrom of what they returned. A deadline is',
  '# written as SO_RCVTIMEO has it (EAGAIN). What is no system call of its own is left out: settimeout, makefile,',
  '# look-ups, a write that stays in its buffer, a call that failed before the kernel was asked. Of a process that was watched the',
  '# numbers are its own, calls shorter than a look are missing, and what a call took or returned is a question mark or an address.',
  ...[faultWords(told())].filter(words => words !== '').map(words => `# ${words}`),
  ...[...processes].map(
    ([name, id]) => `# ${id}: ${name === '' ? 'calls that need no thread' : safeText(name)}`,
  ),
];

/** Lines as strace writes them: a call that another one comes between is told in two. Each answers the text of what is over. */
const createLines = (leader: (planned: PlannedCall, t: number) => string) => {
  let open: { readonly planned: PlannedCall; readonly left: string } | null = null;

  const leave = (): string => {
    const unfinished = open ? `${open.left} <unfinished ...>\n` : '';
    open = null;
    return unfinished;
  };

  return {
    leave,
    begin: (planned: PlannedCall, t: number, { name, head }: Syscall): string => {
      const before = leave();
      const who = leader(planned, t);
      open = { planned, left: `${who}${name}(${head}` };
      if (calls[planned.call.name].ends !== 'connection') return before;
      const linger = `setsockopt(${head}, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8)`;
      return `${before}${aligned(who + linger, '0 <0.000000>')}\n`;
    },
    end: (planned: PlannedCall, t: number, { name, tail, result }: Syscall): string => {
      const before = open?.planned === planned ? '' : leave();
      const left = open ? open.left : `${leader(planned, t)}<... ${name} resumed>`;
      open = null;
      const line = `${before}${aligned(`${left}${tail})`, `${result} ${lasted(planned)}`)}\n`;
      return wasInterrupted(planned) ? `${line}${leader(planned, t)}${interruption}\n` : line;
    },
  };
};

/** A process id for each thread, in the order in which they appear; a thread of a process has its own. */
const processesOf = (threads: readonly string[]): Map<string, number> =>
  new Map(
    threads.map((thread, index) => [
      thread,
      processOfThread(thread) === '' ? firstProcess + index : Number(thread.split('/')[1]),
    ]),
  );

/** A call that has begun: as it was then, and as it will be where it makes no socket. */
type Begun = {
  readonly planned: PlannedCall;
  readonly context: SyscallContext;
  readonly syscall: Syscall;
};

/**
 * The session as strace would print it of a program that makes the same calls, the process column being their threads:
 * `<unfinished ...>` and `resumed` where another thread's call came between. Some lines at a time.
 */
export function* exportStrace(session: Streamed): Generator<string> {
  const { threads, inOrder } = session.moments();
  const processes = processesOf(threads);
  const began = Date.parse(session.header.began) * 1000;
  const clockTime = createClock();
  const lines = createLines(
    ({ thread }, t) => `${processes.get(thread)} ${clockTime(began + Math.round(t * 1000))} `,
  );
  const kernel = createStraceKernel(session);
  const open = new Map<number, Begun>();
  /** The newest call that has begun, as long as no other has: most end next, and need not be looked up. */
  let newest: Begun | null = null;

  const begin = (planned: PlannedCall, t: number): string => {
    const context = kernel.begin(planned);
    const syscall = context && syscallOf(planned, context);
    if (!syscall) return '';
    if (newest) open.set(newest.planned.id, newest);
    newest = { planned, context, syscall };
    return lines.begin(planned, t, syscall);
  };

  const end = (planned: PlannedCall, t: number): string => {
    const isNewest = newest?.planned === planned;
    const begun = isNewest ? newest : open.get(planned.id);
    const made = kernel.end(planned);
    if (!begun) return '';
    if (isNewest) newest = null;
    else open.delete(planned.id);
    const syscall = made < 0 ? begun.syscall : syscallOf(planned, { ...begun.context, made });
    return syscall ? lines.end(planned, t, syscall) : '';
  };

  for (const line of commentLines(session, processes)) yield `${line}\n`;
  for (const { t, planned, isEnd } of inOrder()) {
    const over = isEnd ? end(planned, t) : begin(planned, t);
    if (over !== '') yield over;
  }
  yield lines.leave();
}
