import { hasIn, made } from '../../core/calls/calls.ts';
import { isFileName, isOwnSocketName, type SocketType } from '../../core/model/names.ts';
import { isThreadName } from '../../core/model/threads.ts';
import {
  endedWithLoop,
  leftOutWords,
  type PlannedCall,
  plannedCalls,
  type Step,
  stepsOf,
  titleOf,
  whyNotWhole,
} from '../projection/call-plan.ts';
import { outsideCalls } from '../projection/parties.ts';
import { faultWords } from '../projection/told.ts';
import type { Session } from '../session/read-session.ts';
import type { CallContext } from './python-calls.ts';
import { functionOf } from './python-functions.ts';
import { allThreads, mainOf } from './python-main.ts';
import { type PythonPorts, pythonPorts } from './python-ports.ts';
import { pythonRuntime } from './python-runtime.ts';
import { arrangeThreads } from './python-threads.ts';
import { selfSigned } from './python-tls.ts';
import { callsForPython, isPythonSocket } from './traced-calls.ts';

/** The code, and what it is made of: the calls it makes, by their number, and in which order. */
export type PythonExport =
  | {
      readonly ok: true;
      readonly text: string;
      readonly calls: readonly PlannedCall[];
      readonly steps: readonly Step[];
    }
  | { readonly ok: false; readonly message: string };

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
const whyRefused = ({ entries }: Session, calls: readonly PlannedCall[]): string | null => {
  const odd = calls.find(call => !isSound(call));
  if (odd) return `${titleOf(odd)} has a number, a thread or a result that no call of sockbench has`;
  return whyNotWhole(entries, calls);
};

const makesCertificate = ({ call }: PlannedCall): boolean =>
  call.name === 'wrap' && call.side === 'server' && call.settings?.certfile === undefined;

const contextOf = (calls: readonly PlannedCall[], ports: PythonPorts): CallContext => {
  const types = new Map<string, SocketType>();
  const modes = new Map<string, string>();
  for (const { call, outcome } of calls) {
    if (outcome?.kind !== 'made') continue;
    if (hasIn(call, 'returns', 'socket')) types.set(outcome.name, call.type);
    if (hasIn(call, 'returns', 'file')) modes.set(outcome.name, call.mode);
  }
  return {
    port: ports.reference,
    typeOf: name => types.get(name) ?? 'SOCK_STREAM',
    modeOf: name => modes.get(name) ?? 'rwb',
  };
};

/** Words of the file's header inside a docstring: nothing there may end it. */
const plainWords = (text: string): string => String(text).replace(/[^\w .:+-]/g, '?');

/** For each that has to come from outside, seconds. */
const patience = 60;

const headLines = (
  { header, cut }: Session,
  outside: number,
  processes: boolean,
  notes: readonly string[],
): string[] => [
  '#!/usr/bin/env python3',
  `"""A session of sockbench${header.lab ? `, lab ${plainWords(header.lab)}` : ''}, begun ${plainWords(header.began)}, as a Python program.`,
  '',
  processes
    ? 'Each program is a process here: a call was interrupted, and a signal interrupts the main thread only.'
    : 'Each thread of the session is a thread here.',
  'Above each call stands when it was made and what came of it in the session. Names and numbers are those',
  'of the session. Run it with python3, or with --json for a line of JSON a call.',
  ...(outside > 0
    ? [`Peers outside the bench took part: it waits ${patience} s for each of them again.`]
    : []),
  ...notes.filter(note => note !== ''),
  ...(cut ? ['The last line of the session was cut off.'] : []),
  '"""',
  '',
];

const library = [
  'contextlib',
  'hashlib',
  'json',
  'multiprocessing',
  'os',
  'signal',
  'socket',
  'ssl',
  'struct',
  'subprocess',
  'sys',
  'tempfile',
  'threading',
  'time',
  'traceback',
  'types',
];

const importLines = (code: string): string[] => [
  ...library.filter(name => new RegExp(`\\b${name}\\.`).test(code)).map(name => `import ${name}`),
  '',
];

/** Numbers that may be others when the code runs. Those that the system chooses are shared by processes and threads. */
const portLines = ({ bound, chosen }: PythonPorts): string[] => [
  ...bound.map(
    ({ name, port }) => `${name} = ${port}  # as in the session; see usable() for when it is in use`,
  ),
  ...(chosen.length > 0
    ? [
        `${chosen.join(', ')}${chosen.length > 1 ? '' : ','} = range(${chosen.length})`,
        `ports = multiprocessing.Array("i", ${chosen.length})  # those that the system chose, by whose they are`,
      ]
    : []),
];

/**
 * The session as plain socket-module code that python3 runs: a function a thread with its calls, and a main() that gives
 * them their turns. Refused with the reason where the session is not whole, or CPython cannot do the same.
 */
export const exportPython = (session: Session): PythonExport => {
  const planned = plannedCalls(session.entries);
  const kept = callsForPython(session.entries, planned);
  const calls = realCalls(kept);
  const refusal = whyRefused(session, calls);
  if (refusal !== null) return { ok: false, message: refusal };
  const arranged = arrangeThreads(calls);
  if (typeof arranged === 'string') return { ok: false, message: arranged };
  const ports = pythonPorts(calls);
  const context = contextOf(calls, ports);
  const steps = stepsOf(calls);
  const outside = outsideCalls(calls);
  const seconds = Math.ceil((session.entries.at(-1)?.t ?? 0) / 1000) + 60 + patience * outside.length;
  const limits = new Map(outside.map(({ id }) => [id, patience]));
  const body = [
    ...portLines(ports),
    '',
    '',
    allThreads(arranged)
      .map(thread => functionOf(thread, context, ports))
      .join('\n\n'),
    ...(calls.some(makesCertificate) ? [selfSigned] : []),
    pythonRuntime,
    mainOf(arranged, steps, ports, { whole: seconds, calls: limits }),
  ].join('\n');
  const head = headLines(session, outside.length, arranged.processes.length > 0, [
    leftOutWords(planned, kept.length),
    faultWords(session.entries),
  ]);
  return { ok: true, text: [...head, ...importLines(body), body].join('\n'), calls, steps };
};
