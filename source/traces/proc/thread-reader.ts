import { orElse, type ProcFiles } from './proc-files.ts';
import { maskOf, signalMask, statusField } from './status-fields.ts';
import type { Processor } from './system-calls.ts';
import { parseThreadCall, type ThreadCall } from './thread-call.ts';

/**
 * A thread at the moment of a look. `state`: the letter of proc(5). `switches`: how often it has given up its processor by itself:
 * equal in two looks that found it asleep, it has not run between them. `stopping`: it runs,
 * and a signal stops it as soon as it has a processor. `words`: the number of its call and its six arguments as the kernel has them,
 * '' where it is in none or that is not told. `ran`: how many ns it has had a processor, '' where that is not asked for: it is of one
 * that is stopped, and of one that runs.
 */
export type Thread = {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly call: ThreadCall;
  readonly state: string;
  readonly switches: number;
  readonly stopping: boolean;
  readonly words: string;
  readonly ran: string;
};

/** Time on a processor, time in wait of one, and how often it has had one (sched-stats in the kernel's documentation). */
const ranOf = (proc: ProcFiles, task: string): string =>
  orElse(proc.read(`${task}/schedstat`), '').split(' ')[0]!;

/**
 * Letters of proc(5): R on a processor or about to be, D in a wait that no signal ends, S asleep, Z ended; T stopped by a signal, t by
 * a debugger.
 */
export const runs = 'R';
export const stoppedBySignal = 'T';
const asleep = 'S';
const stopped = `${stoppedBySignal}t`;

/** By a signal or a debugger. */
export const isStopped = ({ state }: Pick<Thread, 'state'>): boolean => stopped.includes(state);

/** Number and arguments stand before the stack's pointer and the program's counter (proc(5)). */
const callWords = 7;

const running = { call: { kind: 'running' }, words: '' } as const;

const callOf = (
  proc: ProcFiles,
  task: string,
  state: string,
  processor: Processor,
): Pick<Thread, 'call' | 'words'> => {
  if (state !== asleep) return running;
  const text = proc.read(`${task}/syscall`);
  if (text.ok) {
    const words = text.value.split(' ').slice(0, callWords).join(' ');
    return { call: parseThreadCall(text.value, processor), words };
  }
  if (text.why === 'gone') return running;
  const wchan = orElse(proc.read(`${task}/wchan`), '').trim();
  return { call: { kind: 'hidden', wchan: wchan === '0' ? '' : wchan }, words: '' };
};

/** SIGSTOP, SIGTSTP, SIGTTIN and SIGTTOU (signal(7), the same on x64 and arm64). */
const stops = [19, 20, 21, 22].map(maskOf).reduce((all, one) => all | one);

/** Whether one of them has yet to be taken, by it or by any thread of its process, and will stop it. */
const stopPends = (status: string): boolean => {
  const pending = signalMask(status, 'SigPnd') | signalMask(status, 'ShdPnd');
  return (pending & stops & ~signalMask(status, 'SigBlk') & ~signalMask(status, 'SigCgt')) !== 0n;
};

/** One of them; null where it is gone. */
export const readThread = (
  proc: ProcFiles,
  pid: number,
  tid: number,
  processor: Processor,
  isSecond = false,
): Thread | null => {
  const task = `${pid}/task/${tid}`;
  const status = proc.read(`${task}/status`);
  if (!status.ok) return null;
  const state = statusField(status.value, 'State')[0] ?? '';
  if (state === 'Z' || state === 'X') return null;
  const inCall = callOf(proc, task, state, processor);
  // It was woken between the two files: whether to be stopped, its status tells now.
  if (!isSecond && state === asleep && inCall.call.kind === 'running')
    return readThread(proc, pid, tid, processor, true);
  return {
    pid,
    tid,
    name: statusField(status.value, 'Name'),
    ...inCall,
    state,
    switches: Number(statusField(status.value, 'voluntary_ctxt_switches')),
    stopping: state === runs && stopPends(status.value),
    ran: state === runs || isStopped({ state }) ? ranOf(proc, task) : '',
  };
};

/** The threads of a process, its first one first; null where it is gone. */
export const readThreads = (proc: ProcFiles, pid: number, processor: Processor): readonly Thread[] | null => {
  const names = proc.list(`${pid}/task`);
  if (!names.ok) return null;
  const tids = names.value.map(Number).sort((a, b) => a - b);
  return tids.flatMap(tid => readThread(proc, pid, tid, processor) ?? []);
};
