import type { Call } from '../../core/calls/call.ts';
import { made } from '../../core/calls/calls.ts';
import { ok } from '../../core/calls/outcome.ts';
import { isFileName, isOwnSocketName } from '../../core/model/names.ts';
import { processOfThread } from '../../core/model/process.ts';
import { isThreadName } from '../../core/model/threads.ts';
import { t } from '../../core/words/translate.ts';
import {
  endedWithLoop,
  leftOutWords,
  type PlannedCall,
  titleOf,
  whyNotWhole,
} from '../projection/call-plan.ts';
import type { Projection } from '../projection/projection.ts';

/** `p1.4b` as a name that Python takes. */
const pythonSocket = (name: string): string => (isOwnSocketName(name) ? name : name.replace('.', '_'));

const isPythonSocket = (name: string): boolean => /^p[1-9]\d{0,8}_(?:0|[1-9]\d{0,8})[a-z]{0,4}$/.test(name);

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
const callsForPython = (planned: readonly PlannedCall[], traced: ReadonlySet<string>): PlannedCall[] =>
  planned.flatMap(call => {
    const process = processOfThread(call.thread);
    if (process === '') return [call];
    return traced.has(process) && isMadeAgain(call) ? [renamed(call)] : [];
  });

/** The bench refuses a name that is taken; Python, whose names are variables, knows no such error. */
const isBenchsOwnRefusal = ({ call, outcome }: PlannedCall): boolean =>
  outcome?.kind === 'error' &&
  outcome.code === 'VALUE' &&
  (made(call.name) === 'socket' || made(call.name) === 'connection');

/** Calls that have code: not those on what never came to be, nor a loop's last. */
const realCalls = (calls: readonly PlannedCall[]): PlannedCall[] => {
  const made = new Set(calls.map(({ outcome }) => (outcome?.kind === 'made' ? outcome.name : '')));
  const isReal = (planned: PlannedCall) =>
    (planned.call.on === '' || made.has(planned.call.on)) &&
    !isBenchsOwnRefusal(planned) &&
    !endedWithLoop(planned);
  return calls.filter(isReal);
};

/** What becomes a name in the code must be one: a session file may come from anywhere. */
const isSound = ({ id, thread, outcome }: PlannedCall): boolean => {
  const made = outcome?.kind === 'made' ? outcome.name : 'c1';
  return (
    Number.isSafeInteger(id) &&
    (thread === '' || isThreadName(thread)) &&
    (isOwnSocketName(made) || isFileName(made) || isPythonSocket(made))
  );
};

/** What was only received may be gone. */
const whyRefused = ({ first }: Projection, calls: readonly PlannedCall[]): string | null => {
  const odd = calls.find(call => !isSound(call));
  if (odd) return t`${titleOf(odd)} has a number, a thread or a result that no call of sockbench has`;
  return whyNotWhole(first, calls);
};

/** The calls of a session that its code makes, and what was left out, in a sentence; or why there can be no such code. */
export type PythonSelection =
  | { readonly ok: true; readonly calls: readonly PlannedCall[]; readonly leftOut: string }
  | { readonly ok: false; readonly message: string };

export const selectCalls = (session: Projection): PythonSelection => {
  const planned = session.calls();
  const kept = callsForPython(planned, session.told().traced);
  const calls = realCalls(kept);
  const message = whyRefused(session, calls);
  return message === null
    ? { ok: true, calls, leftOut: leftOutWords(planned, kept.length) }
    : { ok: false, message };
};
