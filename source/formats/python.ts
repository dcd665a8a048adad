import { formatCall } from '../core/line.ts';
import type { SocketType } from '../core/names.ts';
import { formatOutcome } from '../core/outcome-text.ts';
import { safeText } from '../core/payload.ts';
import {
  type PlannedCall,
  plannedCalls,
  type Step,
  stepsOf,
  wasClosedUnder,
  wasWithdrawn,
} from './call-plan.ts';
import { type CallContext, pythonCall } from './python-calls.ts';
import { pythonText } from './python-literals.ts';
import { type ChosenPorts, chosenPorts } from './python-ports.ts';
import { pythonRuntime } from './python-runtime.ts';
import { arrangeThreads, type PythonThread, type PythonThreads } from './python-threads.ts';
import type { Session } from './session.ts';

export type PythonOptions = {
  /** Another number for a port that the session's person chose: the old one may be in use. */
  readonly port?: (port: number) => number;
};

export type PythonExport =
  | {
      readonly ok: true;
      readonly text: string;
      readonly calls: readonly PlannedCall[];
      readonly steps: readonly Step[];
    }
  | { readonly ok: false; readonly message: string };

/** Characters of payload in a comment. */
const shownPayload = 60;

const seconds = (ms: number): string => (ms / 1000).toFixed(6);

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

const modules = (code: string): string[] =>
  [
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
  ].filter(name => new RegExp(`\\b${name}\\.`).test(code));

const headOf = ({ header, cut }: Session, processes: boolean): string[] => [
  '#!/usr/bin/env python3',
  `"""A session of sockbench${header.lab ? `, lab ${header.lab}` : ''}, begun ${safeText(header.began)}, as a Python program.`,
  '',
  processes
    ? 'Each program is a process here: a call was interrupted, and a signal interrupts the main thread only.'
    : 'Each thread of the session is a thread here.',
  'Above each call stands when it was made and what came of it in the session. Names and numbers are those',
  'of the session. Run it with python3, or with --json for a line of JSON a call.',
  ...(cut ? ['The last line of the session was cut off.'] : []),
  '"""',
  '',
];

/** Where the ports that the system chose are kept: processes and threads share it. */
const portsTable = (names: readonly string[]): string[] => {
  if (names.length === 0) return [];
  return [
    `${names.join(', ')}${names.length > 1 ? '' : ','} = range(${names.length})`,
    `ports = multiprocessing.Array("i", ${names.length})  # those that the system chose, by whose they are`,
    '',
    '',
  ];
};

/** The code would lack what the journal's caps have taken away; what was only received may be gone. */
const whyRefused = ({ entries }: Session, calls: readonly PlannedCall[]): string | undefined => {
  const first = entries[0]?.n ?? 1;
  if (first > 1)
    return `the session begins with entry ${first}: the ${first - 1} before it were dropped by the journal's cap, and with them the calls that made its sockets`;
  const bare = calls.find(({ call }) => 'data' in call && call.data.kind === 'dropped');
  return bare && `the bytes of ${titleOf(bare)} (call ${bare.id}) were dropped by the journal's cap`;
};

/**
 * The session as plain socket-module code that python3 runs: a function a thread with its calls, and a main() that gives
 * them their turns. Refused with the reason where the session is not whole, or CPython cannot do the same.
 */
export const exportPython = (session: Session, options: PythonOptions = {}): PythonExport => {
  const calls = realCalls(plannedCalls(session.entries));
  const refusal = whyRefused(session, calls);
  if (refusal !== undefined) return { ok: false, message: refusal };
  const arranged = arrangeThreads(calls);
  if (typeof arranged === 'string') return { ok: false, message: arranged };
  const ports = chosenPorts(calls);
  const context = contextOf(calls, ports, options);
  const steps = stepsOf(calls);
  const processes = arranged.processes.length > 0;
  const limit = Math.ceil((session.entries.at(-1)?.t ?? 0) / 1000) + 60;
  const body = [
    ...portsTable(ports.names),
    allThreads(arranged)
      .map(thread => functionOf(thread, context, ports))
      .join('\n\n'),
    pythonRuntime,
    mainOf(arranged, steps, limit),
  ].join('\n');
  const imports = modules(body).map(name => `import ${name}`);
  return {
    ok: true,
    text: [...headOf(session, processes), ...imports, '', '', body].join('\n'),
    calls,
    steps,
  };
};
