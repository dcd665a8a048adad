import { safeText } from '../../core/bytes/payload.ts';
import { calls } from '../../core/calls/calls.ts';
import { processOfThread } from '../../core/model/process.ts';
import { type PlannedCall, wasInterrupted } from '../projection/call-plan.ts';
import type { Projection } from '../projection/projection.ts';
import { faultWords } from '../projection/told.ts';
import { type Syscall, type SyscallContext, syscallOf } from './strace-calls.ts';
import { createStraceKernel } from './strace-kernel.ts';
import { stringLimit } from './strace-words.ts';

/** Process ids are stand-ins: one a thread, in the order in which they appear. */
const firstProcess = 1000;

/** strace's -a: results stand from this column on. */
const resultColumn = 40;

/** A call begins or ends. */
type Moment = { readonly t: number; readonly planned: PlannedCall; readonly isEnd: boolean };

/** Calls that need no thread end where they begin: they never block. */
const momentsOf = (calls: readonly PlannedCall[]): Moment[] =>
  calls
    .flatMap((planned): Moment[] => {
      const { startedAt, endedAt, thread } = planned;
      const begin = { t: startedAt!, planned, isEnd: false };
      if (endedAt === null) return [begin];
      return [begin, { t: thread === '' ? startedAt! : endedAt, planned, isEnd: true }];
    })
    .sort((a, b) => a.t - b.t || a.planned.id - b.planned.id || Number(a.isEnd) - Number(b.isEnd));

/** Time of the day in UTC with microseconds. `at` in microseconds since 1970. */
const clockTime = (at: number): string =>
  `${new Date(Math.floor(at / 1000)).toISOString().slice(11, 23)}${String(at % 1000).padStart(3, '0')}`;

const lasted = ({ startedAt, endedAt }: PlannedCall): string =>
  `<${(((endedAt ?? startedAt!) - startedAt!) / 1000).toFixed(6)}>`;

const aligned = (left: string, right: string): string => `${left.padEnd(resultColumn - 1)} = ${right}`;

const interruption = '--- SIGINT {si_signo=SIGINT, si_code=SI_KERNEL} ---';

const commentLines = ({ header, told }: Projection, processes: ReadonlyMap<string, number>): string[] => [
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

/** Lines as strace writes them: a call that another one comes between is told in two. */
const createLines = (leader: (planned: PlannedCall, t: number) => string) => {
  let open: { readonly planned: PlannedCall; readonly left: string } | null = null;

  const leave = (): string[] => {
    const unfinished = open ? [`${open.left} <unfinished ...>`] : [];
    open = null;
    return unfinished;
  };

  return {
    leave,
    begin: (planned: PlannedCall, t: number, { name, head }: Syscall): string[] => {
      const lines = leave();
      if (calls[planned.call.name].ends === 'connection') {
        const linger = `setsockopt(${head}, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8)`;
        lines.push(aligned(leader(planned, t) + linger, '0 <0.000000>'));
      }
      open = { planned, left: `${leader(planned, t)}${name}(${head}` };
      return lines;
    },
    end: (planned: PlannedCall, t: number, { name, tail, result }: Syscall): string[] => {
      const lines = open?.planned === planned ? [] : leave();
      const left = open ? open.left : `${leader(planned, t)}<... ${name} resumed>`;
      open = null;
      lines.push(aligned(`${left}${tail})`, `${result} ${lasted(planned)}`));
      if (wasInterrupted(planned)) lines.push(`${leader(planned, t)}${interruption}`);
      return lines;
    },
  };
};

/** A process id for each thread, in the order in which they appear; a thread of a process has its own. */
const processesOf = (calls: readonly PlannedCall[]): Map<string, number> =>
  new Map(
    [...new Set(calls.map(({ thread }) => thread))].map((thread, index) => [
      thread,
      processOfThread(thread) === '' ? firstProcess + index : Number(thread.split('/')[1]),
    ]),
  );

function* linesOf(session: Projection): Generator<string> {
  const calls = session.calls().filter(({ startedAt }) => startedAt !== null);
  const processes = processesOf(calls);
  const began = Date.parse(session.header.began) * 1000;
  yield* commentLines(session, processes);
  const lines = createLines(
    ({ thread }, t) => `${processes.get(thread)} ${clockTime(began + Math.round(t * 1000))} `,
  );
  const kernel = createStraceKernel(session);
  const begun = new Map<PlannedCall, SyscallContext>();
  for (const { t, planned, isEnd } of momentsOf(calls)) {
    const context = isEnd ? begun.get(planned) : kernel.begin(planned);
    const made = isEnd ? kernel.end(planned) : -1;
    const syscall = context && syscallOf(planned, { ...context, made });
    if (!syscall) continue;
    if (isEnd) begun.delete(planned);
    else begun.set(planned, context);
    yield* isEnd ? lines.end(planned, t, syscall) : lines.begin(planned, t, syscall);
  }
  yield* lines.leave();
}

/**
 * The session as strace would print it of a program that makes the same calls, the process column being their threads:
 * `<unfinished ...>` and `resumed` where another thread's call came between. A line at a time.
 */
export function* exportStrace(session: Projection): Generator<string> {
  for (const line of linesOf(session)) yield `${line}\n`;
}
