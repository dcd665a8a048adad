import { setTimeout as pause } from 'node:timers/promises';
import { foreignSocketFacts } from '../drivers/foreign-sockets.ts';
import { lookAt, type Machine } from '../traces/machine.ts';
import { type Observed, observe } from '../traces/observe.ts';
import { realProc } from '../traces/real-proc.ts';
import { reportJson } from '../traces/report-json.ts';
import { reportLines } from '../traces/report-text.ts';
import type { Processor } from '../traces/system-calls.ts';
import { blockedProcesses, targetsOf } from '../traces/targets.ts';
import { complain, print, printJson } from './print.ts';

export type WhyFlags = { readonly pid?: readonly string[]; readonly json?: boolean };

/** Between two looks, in ms: long enough for a program that only seemed to hang to go on. */
const betweenLooks = 100;

const deadlocked = 3;
const badInput = 2;

/** Why nothing can be seen on this machine; null where it can. */
const unfit = (): string | null => {
  if (process.platform !== 'linux')
    return `it reads /proc, which only Linux has: this is ${process.platform}`;
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    return `the numbers of system calls are known for x64 and arm64: this is ${process.arch}`;
  return realProc.list('self/task').ok ? null : '/proc is not mounted here: mount -t proc proc /proc';
};

/** Root sees everybody's. */
const ownUid = (): number | null => {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? null : uid;
};

const findPids = (machine: Machine, words: readonly string[]): readonly number[] | string => {
  if (words.length === 0) return blockedProcesses(machine, ownUid(), process.pid);
  const pids = new Set<number>();
  for (const word of words) {
    const found = targetsOf(machine, word, process.pid);
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

/** `sockbench why`: what the threads of other programs wait for. Answers the exit status. */
export const runWhy = async (names: readonly string[], flags: WhyFlags): Promise<number> => {
  const words = [...names, ...(flags.pid ?? [])];
  const reason = unfit();
  if (reason !== null) {
    complain(`sockbench why: ${reason}`);
    return badInput;
  }
  const facts = foreignSocketFacts();
  const look = () => lookAt(realProc, facts, process.arch as Processor, process.pid);
  const machine = look();
  const pids = findPids(machine, words);
  if (typeof pids === 'string') {
    complain(`sockbench why: ${pids}`);
    return badInput;
  }
  const seen = await observe(machine, pids, async () => {
    await pause(betweenLooks);
    return look();
  });
  if (flags.json) printJson(reportJson(seen));
  else if (pids.length === 0) print('No process of yours is in a call on a socket.');
  else tell(seen, words);
  return seen.knots.some(({ kind }) => kind === 'deadlock') ? deadlocked : 0;
};
