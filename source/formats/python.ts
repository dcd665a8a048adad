import { isFileName, isSocketName, type SocketType } from '../core/names.ts';
import { type PlannedCall, plannedCalls, type Step, stepsOf } from './call-plan.ts';
import type { CallContext } from './python-calls.ts';
import { functionOf, titleOf } from './python-functions.ts';
import { allThreads, mainOf } from './python-main.ts';
import { type PythonPorts, pythonPorts } from './python-ports.ts';
import { pythonRuntime } from './python-runtime.ts';
import { arrangeThreads } from './python-threads.ts';
import type { Session } from './session.ts';

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
  outcome?.kind === 'error' && outcome.code === 'VALUE' && (call.name === 'socket' || call.name === 'accept');

/** Calls that have code: not those on what never came to be. */
const realCalls = (calls: readonly PlannedCall[]): PlannedCall[] => {
  const made = new Set(calls.map(({ outcome }) => (outcome?.kind === 'made' ? outcome.name : '')));
  return calls.filter(
    planned => (planned.call.on === '' || made.has(planned.call.on)) && !isBenchsOwnRefusal(planned),
  );
};

/** Threads as core/threads.ts names them. */
const threadName = /^(?:|client|tcp-server|udp-server|[csau][1-9]\d*(?:\.[rw])?)$/;

/** What becomes a name in the code must be one: a session file may come from anywhere. */
const isSound = ({ id, thread, outcome }: PlannedCall): boolean => {
  const made = outcome?.kind === 'made' ? outcome.name : 'c1';
  return Number.isSafeInteger(id) && threadName.test(thread) && (isSocketName(made) || isFileName(made));
};

/** The code would lack what the journal's caps have taken away; what was only received may be gone. */
const whyRefused = ({ entries }: Session, calls: readonly PlannedCall[]): string | undefined => {
  const first = entries[0]?.n ?? 1;
  if (first > 1)
    return `the session begins with entry ${first}: the ${first - 1} before it were dropped by the journal's cap, and with them the calls that made its sockets`;
  const odd = calls.find(call => !isSound(call));
  if (odd) return `${titleOf(odd)} has a number, a thread or a result that no call of sockbench has`;
  const bare = calls.find(({ call }) => 'data' in call && call.data.kind === 'dropped');
  return bare && `the bytes of ${titleOf(bare)} (call ${bare.id}) were dropped by the journal's cap`;
};

const contextOf = (calls: readonly PlannedCall[], ports: PythonPorts): CallContext => {
  const types = new Map<string, SocketType>();
  const modes = new Map<string, string>();
  for (const { call, outcome } of calls) {
    if (outcome?.kind !== 'made') continue;
    if (call.name === 'socket') types.set(outcome.name, call.type);
    if (call.name === 'makefile') modes.set(outcome.name, call.mode);
  }
  return {
    port: ports.reference,
    typeOf: name => types.get(name) ?? 'SOCK_STREAM',
    modeOf: name => modes.get(name) ?? 'rwb',
  };
};

/** Words of the file's header inside a docstring: nothing there may end it. */
const plainWords = (text: string): string => String(text).replace(/[^\w .:+-]/g, '?');

/** Somebody outside took part, and must again. */
const waitsForOthers = (calls: readonly PlannedCall[]): boolean =>
  calls.some(({ call, outcome, by }) => call.name === 'accept' && outcome?.kind === 'made' && by === 0);

const headLines = ({ header, cut }: Session, calls: readonly PlannedCall[], processes: boolean): string[] => [
  '#!/usr/bin/env python3',
  `"""A session of sockbench${header.lab ? `, lab ${plainWords(header.lab)}` : ''}, begun ${plainWords(header.began)}, as a Python program.`,
  '',
  processes
    ? 'Each program is a process here: a call was interrupted, and a signal interrupts the main thread only.'
    : 'Each thread of the session is a thread here.',
  'Above each call stands when it was made and what came of it in the session. Names and numbers are those',
  'of the session. Run it with python3, or with --json for a line of JSON a call.',
  ...(waitsForOthers(calls) ? ['Peers outside the bench took part: it waits for them again.'] : []),
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
  'struct',
  'sys',
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
  const calls = realCalls(plannedCalls(session.entries));
  const refusal = whyRefused(session, calls);
  if (refusal !== undefined) return { ok: false, message: refusal };
  const arranged = arrangeThreads(calls);
  if (typeof arranged === 'string') return { ok: false, message: arranged };
  const ports = pythonPorts(calls);
  const context = contextOf(calls, ports);
  const steps = stepsOf(calls);
  const seconds = Math.ceil((session.entries.at(-1)?.t ?? 0) / 1000) + 60;
  const body = [
    ...portLines(ports),
    '',
    '',
    allThreads(arranged)
      .map(thread => functionOf(thread, context, ports))
      .join('\n\n'),
    pythonRuntime,
    mainOf(arranged, steps, ports, seconds),
  ].join('\n');
  const head = headLines(session, calls, arranged.processes.length > 0);
  return { ok: true, text: [...head, ...importLines(body), body].join('\n'), calls, steps };
};
