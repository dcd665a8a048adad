import type { Call } from '../../core/calls/call.ts';
import { ok } from '../../core/calls/outcome.ts';
import type { Entry } from '../../core/model/entry.ts';
import { isOwnSocketName } from '../../core/model/names.ts';
import { processOfThread } from '../../core/model/process.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
import { tracedProcesses } from '../projection/told.ts';

/** `p1.4b` as a name that Python takes. */
const pythonSocket = (name: string): string => (isOwnSocketName(name) ? name : name.replace('.', '_'));

export const isPythonSocket = (name: string): boolean =>
  /^p[1-9]\d{0,8}_(?:0|[1-9]\d{0,8})[a-z]{0,4}$/.test(name);

const again: ReadonlySet<string> = new Set(['EAGAIN', 'EINTR', 'EALREADY']);

const codeOf = ({ outcome }: PlannedCall): string => (outcome?.kind === 'error' ? outcome.code : '');

/**
 * A program that polls makes its calls when they do not block, as one does whose sockets block: what only says so, and what
 * came to nothing for it, is left out, and a connect that was under way is waited for.
 */
const isMadeAgain = (planned: PlannedCall): boolean =>
  planned.call.name !== 'poll' &&
  planned.call.name !== 'settimeout' &&
  planned.outcome?.kind !== 'unseen' &&
  !again.has(codeOf(planned));

const renamed = (planned: PlannedCall): PlannedCall => {
  const { outcome } = planned;
  const call = { ...planned.call, on: pythonSocket(planned.call.on) } as Call;
  if (codeOf(planned) === 'EINPROGRESS') return { ...planned, call, outcome: ok };
  if (outcome?.kind !== 'made') return { ...planned, call };
  return { ...planned, call, outcome: { ...outcome, name: pythonSocket(outcome.name) } };
};

/** The calls that Python can make again: the bench's own, and those of processes that were traced. */
export const callsForPython = (entries: readonly Entry[], planned: readonly PlannedCall[]): PlannedCall[] => {
  const traced = tracedProcesses(entries);
  return planned.flatMap(call => {
    const process = processOfThread(call.thread);
    if (process === '') return [call];
    return traced.has(process) && isMadeAgain(call) ? [renamed(call)] : [];
  });
};
