import type { PlannedCall } from '../projection/call-plan.ts';
import { type CallContext, pythonCall } from '../python/python-calls.ts';
import { callWords, wasBrokenOff } from './code-words.ts';
import type { SocketKinds } from './socket-life.ts';

const contextOf = (kinds: SocketKinds): CallContext => ({ ...kinds, port: () => undefined });

/** The variables for what a call returns, by its name; every other is printed alone. */
const returned: Readonly<Record<string, string>> = {
  recv: 'data',
  recvfrom: 'data, address',
  read: 'data',
  readline: 'line',
  send: 'count',
  sendto: 'count',
  write: 'count',
};

/** The exporter's statements as one writes them by hand: what a call returns has a name, or is printed. */
const byHand = (statement: string, name: string): string[] => {
  if (!statement.startsWith('c.value = ')) return [statement.replace(', c.value = ', ', address = ')];
  const expression = statement.slice('c.value = '.length);
  const names = returned[name];
  if (names === undefined) return [`print(${expression})`];
  return names === 'count' ? [`count = ${expression}`] : [`${names} = ${expression}`, `print(${names})`];
};

const bare = (planned: PlannedCall, context: CallContext): string[] => {
  const lines = pythonCall(planned, context).flatMap(line => byHand(line, planned.call.name));
  return lines.length > 0 ? lines : ['# select.poll waits for several sockets'];
};

/** What failed in the session may fail again: the program goes on, as the session did. */
const guarded = (planned: PlannedCall, context: CallContext): string[] => {
  const lines = bare(planned, context);
  if (planned.outcome?.kind !== 'error') return lines;
  return [
    'try:',
    ...lines.map(line => `    ${line}`),
    'except (OSError, ValueError) as error:',
    '    print(error)',
  ];
};

const modules = ['os', 'socket', 'ssl', 'struct'] as const;

const head = (code: string): string => {
  const used = modules.filter(name => new RegExp(`\\b${name}\\.`).test(code));
  const certificate = code.includes('self_signed()')
    ? '\n\n\ndef self_signed():\n    raise SystemExit("name a file with a certificate and its key here")\n'
    : '';
  return used.map(name => `import ${name}`).join('\n') + certificate;
};

const comment = (planned: PlannedCall): string => `# ${callWords(planned)}`;

/** One call, and what it needs over it. */
export const pythonOfCall = (planned: PlannedCall, kinds: SocketKinds): string => {
  const code = [comment(planned), ...bare(planned, contextOf(kinds))].join('\n');
  return `${head(code)}\n\n${code}\n`.replace(/^\n+/, '');
};

/** A program that makes these calls one after the other. */
export const pythonProgram = (planned: readonly PlannedCall[], kinds: SocketKinds): string => {
  const context = contextOf(kinds);
  const code = planned
    .map(each => [comment(each), ...(wasBrokenOff(each) ? [] : guarded(each, context))].join('\n'))
    .join('\n\n');
  return `${head(code)}\n\n${code}\n`.replace(/^\n+/, '');
};
