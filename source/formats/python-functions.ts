import { formatCall } from '../core/line.ts';
import type { SocketType } from '../core/names.ts';
import { formatOutcome } from '../core/outcome-text.ts';
import { type PlannedCall, wasClosedUnder, wasWithdrawn } from './call-plan.ts';
import { type CallContext, pythonCall } from './python-calls.ts';
import type { PythonPorts } from './python-ports.ts';
import type { PythonThread } from './python-threads.ts';

/** Characters of payload in a comment. */
const shownPayload = 60;

const seconds = (ms: number): string => (ms / 1000).toFixed(6);

/** A call as people read it. */
export const titleOf = ({ call }: PlannedCall): string => formatCall(call, shownPayload);

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

export const indent = (lines: readonly string[], by: string): string[] => lines.map(line => by + line);

const withBlock = (planned: PlannedCall, context: CallContext, ports: PythonPorts): string[] => {
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

/** The function of a thread: its calls in order, above each what came of it in the session. */
export const functionOf = (thread: PythonThread, context: CallContext, ports: PythonPorts): string => {
  const names = assigned(thread.calls);
  const lines = [
    `"""${thread.title}"""`,
    ...(names.length > 0 ? [`global ${names.join(', ')}`] : []),
    ...thread.calls.flatMap(planned => withBlock(planned, context, ports)),
  ];
  return `def ${thread.name}(call):\n${indent(lines, '    ').join('\n')}\n`;
};

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
