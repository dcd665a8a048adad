import type { PlannedCall } from '../projection/call-plan.ts';
import { type CContext, cCall } from './c-calls.ts';
import { cHead } from './c-helpers.ts';
import { cComment } from './c-literals.ts';
import { callWords, wasBrokenOff } from './code-words.ts';
import type { SocketKinds } from './socket-life.ts';

/** Variables of sockets, each declared where it is made first. */
const contextOf = (kinds: SocketKinds, declared: Set<string>): CContext => ({
  ...kinds,
  declare: name => {
    const isNew = !declared.has(name);
    declared.add(name);
    return isNew ? `int ${name}` : name;
  },
});

const linesOf = (planned: PlannedCall, context: CContext, whole: boolean): string[] => {
  const words = cComment(callWords(planned));
  return whole && wasBrokenOff(planned)
    ? [words]
    : [words, ...cCall(planned, context).flatMap(line => line.split('\n'))];
};

/** One call: what it needs over it, and its statements. */
export const cOfCall = (planned: PlannedCall, kinds: SocketKinds): string => {
  const lines = linesOf(planned, contextOf(kinds, new Set()), false).join('\n');
  return `${cHead(lines)}\n\n${lines}\n`;
};

/** Sockets that calls are made on, and that none of them makes. */
const strangers = (planned: readonly PlannedCall[]): string[] => {
  const made = new Set<string>();
  const missing = new Set<string>();
  for (const { call, outcome } of planned) {
    if (call.on !== '' && !made.has(call.on) && /^[csau]\d|^p\d/.test(call.on)) missing.add(call.on);
    if (outcome?.kind === 'made') made.add(outcome.name);
  }
  return [...missing];
};

const isClosed = (name: string, planned: readonly PlannedCall[]): boolean => {
  const last = planned.findLast(
    ({ call, outcome }) => call.on === name || (outcome?.kind === 'made' && outcome.name === name),
  );
  return last?.call.name === 'close' || last?.call.name === 'reset';
};

/** A program that makes these calls one after the other. */
export const cProgram = (planned: readonly PlannedCall[], kinds: SocketKinds): string => {
  const declared = new Set<string>();
  const context = contextOf(kinds, declared);
  const before = strangers(planned).flatMap(name => [
    cComment(`${name} was made before what is kept of the session`),
    `${context.declare(name)} = -1;`,
  ]);
  const body = planned.flatMap(each => ['', ...linesOf(each, context, true)]);
  const open = [...declared].filter(name => !isClosed(name, planned));
  const lines = [...before, ...body, '', ...open.map(name => `close(${name});`), 'return 0;'];
  const text = lines.map(line => (line === '' ? '' : `    ${line}`)).join('\n');
  return `${cHead(text)}\n\nint main(void)\n{\n${text.replace(/^\n/, '')}\n}\n`;
};
