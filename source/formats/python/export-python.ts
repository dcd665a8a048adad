import { hasIn } from '../../core/calls/calls.ts';
import type { SocketType } from '../../core/model/names.ts';
import { type PlannedCall, type Step, stepsOf } from '../projection/call-plan.ts';
import { outsideCalls, partiesOf } from '../projection/parties.ts';
import type { Projection } from '../projection/projection.ts';
import { faultWords } from '../projection/told.ts';
import type { CallContext } from './python-calls.ts';
import { functionOf } from './python-functions.ts';
import { allThreads, mainOf } from './python-main.ts';
import { type PythonPorts, pythonPorts } from './python-ports.ts';
import { pythonRuntime } from './python-runtime.ts';
import { selectCalls } from './python-selection.ts';
import { arrangeThreads } from './python-threads.ts';
import { selfSigned } from './python-tls.ts';

/** The code, and what it is made of: the calls it makes, by their number, and in which order. */
export type PythonExport =
  | {
      readonly ok: true;
      readonly text: string;
      readonly calls: readonly PlannedCall[];
      readonly steps: readonly Step[];
    }
  | { readonly ok: false; readonly message: string };

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
  { header, cut }: Projection,
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
export const exportPython = (session: Projection): PythonExport => {
  const selected = selectCalls(session);
  if (!selected.ok) return selected;
  const { calls, leftOut } = selected;
  const arranged = arrangeThreads(calls);
  if (typeof arranged === 'string') return { ok: false, message: arranged };
  const ports = pythonPorts(calls);
  const context = contextOf(calls, ports);
  const steps = stepsOf(calls);
  const outside = outsideCalls(partiesOf(calls));
  const seconds = Math.ceil(session.endedAt / 1000) + 60 + patience * outside.length;
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
    leftOut,
    faultWords(session.told()),
  ]);
  return { ok: true, text: [...head, ...importLines(body), body].join('\n'), calls, steps };
};
