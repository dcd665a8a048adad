import { t } from '../../core/words/translate.ts';
import { blockedProcesses } from '../../traces/looks/look-targets.ts';
import { type Observed, observe } from '../../traces/looks/observe.ts';
import type { Machine } from '../../traces/proc/machine.ts';
import { reportJson } from '../../traces/verdict/report-json.ts';
import { reportLines } from '../../traces/verdict/report-text.ts';
import { complain, print, printJson } from '../print.ts';
import { type Lookout, lookFrom, ownLookout, pidsNamed, processorOf } from './whom.ts';

export type WhyFlags = { readonly pid?: readonly string[]; readonly json?: boolean };

/**
 * Between two looks, in ms. What stands in both, no thread having run, was so at once whenever the second comes: for the verdict
 * nothing need be waited for. Programs that are busy get this to go on, so that their calls are seldom looked at again in vain.
 */
const betweenLooks = 10;

const deadlocked = 3;
const badInput = 2;

const findPids = (
  machine: Machine,
  words: readonly string[],
  lookout: Lookout,
): readonly number[] | string =>
  words.length === 0
    ? blockedProcesses(machine, lookout.uid === 0 ? null : lookout.uid, lookout.pid)
    : pidsNamed(machine, words, { ...lookout, command: 'why' });

const hidden = (seen: Observed): boolean =>
  [...seen.waits.values()].some(({ thread }) => thread.call.kind === 'hidden');

const tell = (seen: Observed, words: readonly string[]): void => {
  print(reportLines(seen).join('\n'));
  if (!hidden(seen)) return;
  const again = ['sudo sockbench why', ...words].join(' ');
  complain(
    t`The kernel tells you of some threads not in which call they are (kernel.yama.ptrace_scope, or another user's process), so that nothing is certain: ${again}`,
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
  const look = () => lookFrom(lookout, processor);
  const machine = look();
  const pids = findPids(machine, words, lookout);
  if (typeof pids === 'string') return badWord(pids);
  const seen = await observe(machine, pids, async () => {
    await new Promise(resolve => setTimeout(resolve, betweenLooks));
    return look();
  });
  if (flags.json) printJson(reportJson(seen));
  else if (pids.length === 0) print(t('No process of yours is in a call on a socket.'));
  else tell(seen, words);
  return seen.knots.some(({ kind }) => kind === 'deadlock') ? deadlocked : 0;
};
