import { setTimeout as pause } from 'node:timers/promises';
import type { SocketFacts } from '../core/socket-facts.ts';
import { foreignSocketFacts } from '../drivers/foreign-sockets.ts';
import { lookAt, type Machine } from '../traces/machine.ts';
import { type Observed, observe } from '../traces/observe.ts';
import type { ProcFiles } from '../traces/proc-files.ts';
import { realProc } from '../traces/real-proc.ts';
import { reportJson } from '../traces/report-json.ts';
import { reportLines } from '../traces/report-text.ts';
import type { Processor } from '../traces/system-calls.ts';
import { blockedProcesses, targetsOf } from '../traces/targets.ts';
import { complain, print, printJson } from './print.ts';

export type WhyFlags = { readonly pid?: readonly string[]; readonly json?: boolean };

/**
 * Between two looks, in ms. What stands in both, no thread having run, was so at once whenever the second comes: for the verdict
 * nothing need be waited for. Programs that are busy get this to go on, so that their calls are seldom looked at again in vain.
 */
const betweenLooks = 10;

const deadlocked = 3;
const badInput = 2;

/** From where one looks: a machine, and who looks at it. `uid`: 0 sees everybody's. */
export type Lookout = {
  readonly platform: string;
  readonly arch: string;
  readonly proc: ProcFiles;
  readonly facts: SocketFacts;
  readonly pid: number;
  readonly uid: number;
};

const ownLookout = (): Lookout => ({
  platform: process.platform,
  arch: process.arch,
  proc: realProc,
  facts: foreignSocketFacts(),
  pid: process.pid,
  uid: process.getuid?.() ?? 0,
});

/** The processor of a machine where something can be seen, or why nothing can. */
const processorOf = ({ platform, arch, proc }: Lookout): Processor | { readonly unfit: string } => {
  if (platform !== 'linux')
    return { unfit: `it reads /proc, which only Linux has: this is ${platform}; look at it there` };
  if (arch !== 'x64' && arch !== 'arm64')
    return { unfit: `the numbers of system calls are known for x64 and arm64: this is ${arch}` };
  return proc.list('self/task').ok ? arch : { unfit: '/proc is not mounted here: mount -t proc proc /proc' };
};

const findPids = (
  machine: Machine,
  words: readonly string[],
  lookout: Lookout,
): readonly number[] | string => {
  const { pid: self, uid } = lookout;
  if (words.length === 0) return blockedProcesses(machine, uid === 0 ? null : uid, self);
  const pids = new Set<number>();
  for (const word of words) {
    const found = targetsOf(machine, word, lookout);
    if (!found.ok) return found.message;
    for (const pid of found.pids) pids.add(pid);
  }
  return [...pids];
};

const hidden = (seen: Observed): boolean =>
  [...seen.waits.values()].some(({ thread }) => thread.call.kind === 'hidden');

const tell = (seen: Observed, words: readonly string[]): void => {
  print(reportLines(seen).join('\n'));
  if (!hidden(seen)) return;
  const again = ['sudo sockbench why', ...words].join(' ');
  complain(
    `The kernel tells you of some threads not in which call they are (kernel.yama.ptrace_scope, or another user's process), so that nothing is certain: ${again}`,
  );
};

const badWord = (message: string): number => {
  complain(`sockbench why: ${message}`);
  return badInput;
};

/** `sockbench why`: what the threads of other programs wait for. Answers the exit status. */
export const runWhy = async (
  names: readonly string[],
  flags: WhyFlags,
  lookout: Lookout = ownLookout(),
): Promise<number> => {
  const words = [...names, ...(flags.pid ?? [])];
  const processor = processorOf(lookout);
  if (typeof processor !== 'string') return badWord(processor.unfit);
  const look = () => lookAt(lookout.proc, lookout.facts, processor, lookout.pid);
  const machine = look();
  const pids = findPids(machine, words, lookout);
  if (typeof pids === 'string') return badWord(pids);
  const seen = await observe(machine, pids, async () => {
    await pause(betweenLooks);
    return look();
  });
  if (flags.json) printJson(reportJson(seen));
  else if (pids.length === 0) print('No process of yours is in a call on a socket.');
  else tell(seen, words);
  return seen.knots.some(({ kind }) => kind === 'deadlock') ? deadlocked : 0;
};
