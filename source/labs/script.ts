import { formatEndpoint } from '../core/address.ts';
import type { CallName } from '../core/call.ts';
import { type Line, parseLine } from '../core/line.ts';
import type { Outcome } from '../core/outcome.ts';
import { type Refused, refused } from '../core/parsed.ts';
import { substitute } from '../core/substitute.ts';
import { createLineRunner, type LineRunnerOptions, type Verdict } from './line-runner.ts';

/** Text put in place of `$name`, outside quotes. */
export type Variables = Record<string, string>;

/** `outcome` is undefined where the line waited for no call. */
export type ScriptResult = {
  readonly line: Line;
  readonly verdict: Verdict;
  readonly outcome: Outcome | undefined;
};

/** Lines of text run one after the other on one bench, with the variables they set. */
export type Script = {
  /** A refusal where the text is no line; nothing was run then. */
  readonly run: (text: string) => Promise<ScriptResult | Refused>;
  readonly variables: Variables;
};

/** Calls that make something: what stands left of `=` is its name. Of other calls it is a variable's. */
export const makers: ReadonlySet<string> = new Set(['socket', 'accept', 'makefile']);

/** How a value is written in a later line: of a datagram, the address it came from. Undefined where it cannot be. */
const written = (outcome: Outcome): string | undefined => {
  switch (outcome.kind) {
    case 'endpoint':
      return formatEndpoint(outcome.endpoint);
    case 'number':
      return outcome.number === null ? 'none' : String(outcome.number);
    case 'count':
      return String(outcome.count);
    case 'text':
      return outcome.text;
    case 'data':
      return outcome.from && formatEndpoint(outcome.from);
    default:
      return undefined;
  }
};

/** A line with its variable's name taken off, and that name: `me = c1.getsockname`. */
const splitVariable = (line: Line): { line: Line; variable: string } => {
  if (line.kind !== 'call' || line.call.as === undefined || makers.has(line.call.name))
    return { line, variable: '' };
  const { as, ...call } = line.call;
  return { line: { ...line, call: call as typeof line.call }, variable: as };
};

/** A line as it will run, with the variable that takes its value ('' for none). */
export const readLine = (
  text: string,
  variables: Variables,
): { readonly ok: true; readonly line: Line; readonly variable: string } | Refused => {
  const filled = substitute(text, variables);
  if (!filled.ok) return filled;
  const parsed = parseLine(filled.value);
  return parsed.ok ? { ok: true, ...splitVariable(parsed.value) } : parsed;
};

export type ScriptOptions = LineRunnerOptions & {
  readonly variables?: Variables;
  /** For file"path". Rejects with the system's error. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
};

/** The line with the contents of `file"path"` read. */
const withFile = async (line: Line, readFile: ScriptOptions['readFile']): Promise<Line | Refused> => {
  if (line.kind !== 'call' || !('data' in line.call) || line.call.data.kind !== 'file') return line;
  const { path } = line.call.data;
  try {
    return { ...line, call: { ...line.call, data: { ...line.call.data, data: await readFile(path) } } };
  } catch (error) {
    return refused(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
};

export const createScript = (options: ScriptOptions): Script => {
  const variables: Variables = { ...options.variables };
  const runner = createLineRunner(options);
  return {
    variables,
    run: async text => {
      const next = readLine(text, variables);
      if (!next.ok) return next;
      const line = await withFile(next.line, options.readFile);
      if ('ok' in line) return line;
      const verdict = await runner.run(line);
      const outcome = runner.lastOutcome();
      const value = next.variable && outcome ? written(outcome) : undefined;
      if (value !== undefined) variables[next.variable] = value;
      return { line, verdict, outcome };
    },
  };
};

const numbers: ReadonlySet<CallName> = new Set([
  'send',
  'sendto',
  'write',
  'getservbyname',
  'getsockopt',
  'gettimeout',
]);

const texts: ReadonlySet<CallName> = new Set(['gethostbyaddr', 'getservbyport']);

/** Stands for a value that is only known at run time while lines are checked: of the kind that the call returns. */
export const placeholderOf = (line: Line): string => {
  if (line.kind === 'call' && numbers.has(line.call.name)) return '1';
  return line.kind === 'call' && texts.has(line.call.name) ? 'name' : '127.0.0.1:1';
};

/** Checks lines before anything is opened; the first refusal and the line it is in (from 0). */
export const checkLines = (
  lines: readonly string[],
  known: Variables = {},
): { readonly index: number; readonly refused: Refused } | undefined => {
  const variables: Variables = { ...known };
  for (const [index, text] of lines.entries()) {
    const next = readLine(text, variables);
    if (!next.ok) return { index, refused: next };
    if (next.variable) variables[next.variable] = placeholderOf(next.line);
  }
  return undefined;
};
