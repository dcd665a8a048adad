import type { SocketFacts } from '../../core/model/socket-facts.ts';
import { t } from '../../core/words/translate.ts';
import { foreignSocketFacts } from '../../drivers/native/foreign-sockets.ts';
import { type Looker, targetsOf } from '../../traces/looks/look-targets.ts';
import { lookAt, type Machine } from '../../traces/proc/machine.ts';
import type { ProcFiles } from '../../traces/proc/proc-files.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import type { Processor } from '../../traces/proc/system-calls.ts';

/** From where one looks: a machine, and who looks at it. `uid`: 0 sees everybody's. */
export type Lookout = {
  readonly platform: string;
  readonly arch: string;
  readonly proc: ProcFiles;
  readonly facts: SocketFacts;
  readonly pid: number;
  readonly uid: number;
};

export const ownLookout = (): Lookout => ({
  platform: process.platform,
  arch: process.arch,
  proc: realProc,
  facts: foreignSocketFacts(),
  pid: process.pid,
  uid: process.getuid?.() ?? 0,
});

/** The processor of a machine where something can be seen, or why nothing can. */
export const processorOf = ({ platform, arch, proc }: Lookout): Processor | { readonly unfit: string } => {
  if (platform !== 'linux')
    return { unfit: t`it reads /proc, which only Linux has: this is ${platform}; look at it there` };
  if (arch !== 'x64' && arch !== 'arm64')
    return { unfit: t`the numbers of system calls are known for x64 and arm64: this is ${arch}` };
  return proc.list('self/task').ok
    ? arch
    : { unfit: t('/proc is not mounted here: mount -t proc proc /proc') };
};

/** One look at the machine. */
export const lookFrom = ({ proc, facts, pid }: Lookout, processor: Processor): Machine =>
  lookAt(proc, facts, processor, pid);

/** The processes that words of the command line name, each PID, NAME or :PORT; a sentence where one names none. */
export const pidsNamed = (
  machine: Machine,
  words: readonly string[],
  looker: Looker,
): readonly number[] | string => {
  const pids = new Set<number>();
  for (const word of words) {
    const found = targetsOf(machine, word, looker);
    if (!found.ok) return found.message;
    for (const pid of found.pids) pids.add(pid);
  }
  return [...pids];
};
