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

const whatHappened = (planned: PlannedCall): string => {
  const { call, outcome, startedAt, endedAt } = planned;
  if (wasClosedUnder(planned)) return 'in flight until its socket was closed; in CPython it stays so';
  if (!outcome || endedAt === null) return 'in flight to the end of the session';
  const took = startedAt === null ? 'never started' : seconds(endedAt - startedAt);
  return `${formatOutcome(outcome, call, shownPayload)} <${took}>`;
};

const commentsOf = (planned: PlannedCall): string[] => {
  const when = seconds(planned.queuedAt);
  const waited =
    planned.startedAt !== null && planned.startedAt > planned.queuedAt
      ? `, from ${seconds(planned.startedAt)} s on its thread`
      : '';
  return [
    ...planned.lookups.map(each => `# in it: ${formatCall(each.call, shownPayload)} = ${whatHappened(each)}`),
    `# ${when} s${waited}: ${whatHappened(planned)}`,
  ];
};

const indent = (lines: readonly string[], by: string): string[] => lines.map(line => by + line);

const withBlock = (planned: PlannedCall, context: CallContext, ports: ChosenPorts): string[] => {
  if (wasWithdrawn(planned))
    return [
      `# ${seconds(planned.queuedAt)} s: ${titleOf(planned)} was queued, and taken back before it began`,
    ];
  const body = [...pythonCall(planned, context), ...ports.learn(planned)];
  const result = body.some(line => /\bc\.value\b/.test(line)) ? ' as c' : '';
  return [...commentsOf(planned), `with call(${planned.id})${result}:`, ...indent(body, '    ')];
};

const assigned = (calls: readonly PlannedCall[]): string[] =>
  [...new Set(calls.flatMap(({ outcome }) => (outcome?.kind === 'made' ? [outcome.name] : [])))].sort();

const functionOf = (thread: PythonThread, context: CallContext, ports: ChosenPorts): string => {
  const names = assigned(thread.calls);
  const lines = [
    `"""${thread.title}"""`,
    ...(names.length > 0 ? [`global ${names.join(', ')}`] : []),
    ...thread.calls.flatMap(planned => withBlock(planned, context, ports)),
  ];
  return `def ${thread.name}(call):\n${indent(lines, '    ').join('\n')}\n`;
};

const titleOf = ({ call }: PlannedCall): string => formatCall(call, shownPayload);

const sending = new Set(['send', 'sendall', 'flush', 'write', 'close']);

/** A send may sleep for a moment while the peer's kernel makes room; what receives sleeps at once or not at all. */
const patienceOf = ({ call }: PlannedCall): string => (sending.has(call.name) ? ', patience=0.05' : '');

/** Ten seconds more than the session took, where ten are not plenty. */
const limitOf = ({ startedAt, endedAt }: PlannedCall): string => {
  const took = ((endedAt ?? 0) - (startedAt ?? 0)) / 1000;
  return took > 5 ? `, limit=${Math.ceil(took) + 10}` : '';
};

const stepLine = ({ kind, call }: Step, thread: string): string => {
  switch (kind) {
    case 'run':
      return `run(${thread}, ${call.id}, ${pythonText(titleOf(call))}${limitOf(call)})`;
    case 'begin':
      return `begin(${thread}, ${call.id}, ${pythonText(titleOf(call))}${patienceOf(call)})`;
    case 'ended':
      return `ended(${thread}, ${call.id}${limitOf(call)})`;
    case 'interrupt':
      return `interrupt(${thread}, ${call.id})`;
  }
};

const allThreads = ({ threads, processes }: PythonThreads): PythonThread[] => [
  ...threads,
  ...processes.flatMap(({ main, others }) => [main, ...others]),
];

const startLines = ({ threads, processes }: PythonThreads): string[] => [
  ...(processes.length > 0
    ? [
        'processes = [',
        ...processes.map(
          ({ main, others }) => `    process(${[main, ...others].map(({ name }) => name).join(', ')}),`,
        ),
        ']',
      ]
    : []),
  ...(threads.length > 0 ? [`threads(${threads.map(({ name }) => name).join(', ')})`] : []),
];

const mainOf = (arranged: PythonThreads, steps: readonly Step[], limit: number): string => {
  const all = allThreads(arranged);
  const owners = new Map(all.flatMap(({ name, calls }) => calls.map(({ id }) => [id, name] as const)));
  const body = [
    `TURNS.update((function, Turns()) for function in (${all
      .map(({ name }) => `${name}, `)
      .join('')
      .trim()}))`,
    'signal.alarm(LIMIT)',
    ...startLines(arranged),
    'try:',
    ...(steps.length > 0
      ? steps.map(step => `    ${stepLine(step, owners.get(step.call.id)!)}`)
      : ['    pass']),
    'finally:',
    `    finish(${arranged.processes.length > 0 ? 'processes' : ''})`,
  ];
  return [
    `LIMIT = ${limit}  # seconds, after which the system ends this program`,
    '',
    '',
    'def main():',
    ...indent(body, '    '),
    '',
    '',
    'main()',
    '',
  ].join('\n');
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

const contextOf = (
  calls: readonly PlannedCall[],
  ports: ChosenPorts,
  options: PythonOptions,
): CallContext => {
  const types = new Map<string, SocketType>();
  const modes = new Map<string, string>();
  for (const { call, outcome } of calls) {
    if (outcome?.kind !== 'made') continue;
    if (call.name === 'socket') types.set(outcome.name, call.type);
    if (call.name === 'makefile') modes.set(outcome.name, call.mode);
  }
  return {
    port: planned => {
      const reference = ports.reference(planned);
      if (reference !== undefined) return reference;
      const { call } = planned;
      const port = 'address' in call ? call.address.port : 0;
      return typeof port === 'number' && options.port ? String(options.port(port)) : undefined;
    },
    typeOf: name => types.get(name) ?? 'SOCK_STREAM',
    modeOf: name => modes.get(name) ?? 'rwb',
  };
};

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
