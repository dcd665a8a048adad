import { recvUntil } from '../../bench/behaviours/recv-until.ts';
import type { Bytes } from '../../core/bytes/bytes.ts';
import { quoteBytes } from '../../core/bytes/payload.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Target } from '../../core/language/expectation.ts';
import type { Line } from '../../core/language/line.ts';
import { refused } from '../../core/language/parsed.ts';
import type { RuleStatement } from '../../core/language/rule-statement.ts';
import { readLine, type Values, writtenValue } from '../../core/language/values.ts';
import { t } from '../../core/words/translate.ts';
import { relayLine } from '../sockets/relay-line.ts';
import { repeatLine } from '../sockets/repeat-line.ts';
import { withRuleFiles } from '../sockets/rule-files.ts';
import { ruleLine, ruleRefusal } from '../sockets/rule-line.ts';
import { cannotAct } from './acting.ts';
import {
  type ActingContext,
  type Command,
  type Context,
  canAct,
  look,
  type Result,
  refusal,
} from './command.ts';
import { runCommand, type Written } from './invoke.ts';
import { refusalOf, soon } from './performed.ts';
import { readWhileOpen } from './read-while-open.ts';

const callKinds = [
  'call',
  'cancel',
  'until',
  'policy',
  'loop',
  'relay',
  'repeat-send',
  'fault',
  'rule',
  'change-rule',
] as const satisfies readonly Line['kind'][];

type CallLine = Extract<Line, { kind: (typeof callKinds)[number] }>;

const isCallLine = (line: Line): line is CallLine => callKinds.some(kind => kind === line.kind);

/** A text of the palette or of `run`: a command with its values (`listen 9000`), or a line (`c1.send "hi"`). */
export type Interpretation =
  | { readonly kind: 'command'; readonly command: Command; readonly written: Written }
  /** `variable` keeps what the call returns; '' for none. */
  | { readonly kind: 'line'; readonly line: CallLine; readonly variable: string }
  | { readonly kind: 'error'; readonly message: string; readonly column: number | null };

/** `tail` is what follows the name, as it stands. */
type Named = { readonly command: Command; readonly tail: string };

/** The longest start of the text that is a command's id, with spaces for its dashes; or what else means a command. */
export const namedCommand = (text: string, commands: readonly Command[]): Named | undefined => {
  const meant = commands.find(({ typedAs }) => typedAs?.test(text));
  if (meant) return { command: meant, tail: text.replace(meant.typedAs!, '') };
  const words = [...text.matchAll(/\S+/g)];
  for (let count = Math.min(4, words.length); count > 0; count--) {
    const id = words
      .slice(0, count)
      .map(([word]) => word.toLowerCase())
      .join('-');
    const command = commands.find(each => each.id === id && (each.listed || each.keys.length > 0));
    const last = words[count - 1]!;
    if (command) return { command, tail: text.slice(last.index + last[0].length) };
  }
  return undefined;
};

/** Each parameter takes a word, the last one what is left. */
const writtenFor = (command: Command, rest: string): Written | null => {
  const names = Object.keys(command.parameters);
  if (rest === '') return {};
  if (names.length === 0) return null;
  const written: Record<string, string> = {};
  let left = rest;
  for (const [index, name] of names.entries()) {
    if (left === '') break;
    const word = index === names.length - 1 ? left : /^\S+/.exec(left)![0];
    written[name] = word;
    left = left.slice(word.length).trim();
  }
  return written;
};

const asCommand = (text: string, commands: readonly Command[]): Interpretation | undefined => {
  const found = namedCommand(text, commands);
  if (!found) return undefined;
  const rest = found.tail.trim();
  const written = writtenFor(found.command, rest);
  if (written) return { kind: 'command', command: found.command, written };
  const column = text.length - rest.length;
  const { message } = refused(t`${found.command.id} takes no value: "${rest}" is too much`);
  return { kind: 'error', message, column };
};

/** Reads one text, with the values that were kept put in. Nothing is run. */
export const interpret = (
  text: string,
  commands: readonly Command[],
  values: Values = {},
): Interpretation => {
  const read = readLine(text, values);
  const unfit = read.ok ? ruleRefusal(read.line, text) : null;
  if (unfit) return { kind: 'error', message: unfit.message, column: unfit.column };
  if (read.ok && isCallLine(read.line)) return { kind: 'line', line: read.line, variable: read.variable };
  const command = asCommand(text, commands);
  if (command) return command;
  if (read.ok) {
    const message =
      read.line.kind === 'empty'
        ? t('Type a command or a call, for example: listen 9000, c1.send "hi"')
        : t`${read.line.kind} is for labs and for sockbench run: here you see it happen`;
    return { kind: 'error', message, column: 0 };
  }
  return { kind: 'error', message: read.message, column: read.column };
};

/** With the contents of the file that it sends, where it is one. */
const withData = async <T extends { readonly data: Bytes }>(
  context: Context,
  what: T,
): Promise<T | string> => {
  const data = await readWhileOpen(context, 'palette', what.data);
  return typeof data === 'string' ? data : { ...what, data };
};

const readData = async (context: Context, call: Call): Promise<Call | string> =>
  'data' in call ? withData(context, call) : call;

const cancelTarget = (context: ActingContext, target: Target): Result => {
  for (const { id, call } of context.source.state().calls.values()) {
    if (call.name === target.name && call.on === target.on) {
      context.bench.cancel(id);
      return null;
    }
  }
  const title = `${target.on === '' ? '' : `${target.on}.`}${target.name}`;
  return refusal(t`${title} is not in flight`);
};

const keep = (context: Context, variable: string, outcome: Outcome, call: Call): void => {
  const value = variable === '' ? undefined : writtenValue(outcome, call);
  if (value !== undefined) look(context, view => ({ values: { ...view.values, [variable]: value } }));
};

/** Receives up to the delimiter; what had come is kept, whatever ended it. */
const runUntil = async (
  context: ActingContext,
  line: Extract<Line, { kind: 'until' }>,
  variable: string,
): Promise<Result> => {
  const end = await recvUntil(context.bench, line);
  keep(context, variable, { kind: 'data', data: end.data }, end.call);
  if (end.kind === 'found') return null;
  if (end.kind === 'failed') return refusalOf(end.failure, end.call);
  const [sought, size] = [quoteBytes(line.delimiter), end.data.length];
  return refusal(
    end.kind === 'eof'
      ? t`No ${sought}: the stream ended first, behind ${size} bytes`
      : t`No ${sought}: it did not come, behind ${size} bytes`,
  );
};

/** Gives a socket a rule, or changes one. */
const runRule = async (context: ActingContext, line: RuleStatement): Promise<Result> => {
  const read = (bytes: Bytes) => readWhileOpen(context, 'palette', bytes);
  const rule = line.kind === 'rule' ? await withRuleFiles(line.rule, read) : null;
  if (typeof rule === 'string') return refusal(rule);
  const { ok, message } = ruleLine(context.bench, line.kind === 'rule' && rule ? { ...line, rule } : line);
  return ok ? null : refusal(message);
};

/** Runs what was read: answers why it was refused or failed soon, null where it went well or goes on. */
export const runInterpreted = async (
  context: Context,
  interpretation: Exclude<Interpretation, { kind: 'error' }>,
): Promise<Result> => {
  if (interpretation.kind === 'command')
    return runCommand(context, interpretation.command, interpretation.written);
  if (!canAct(context)) return refusal(cannotAct(context.source.kind) ?? '');
  context.source.flush();
  const { line, variable } = interpretation;
  if (line.kind === 'cancel') return cancelTarget(context, line.target);
  if (line.kind === 'until') return runUntil(context, line, variable);
  if (line.kind === 'relay') {
    const trouble = relayLine(context.bench, line);
    return trouble === null ? null : refusal(trouble);
  }
  if (line.kind === 'repeat-send') {
    const repeat = line.repeat && (await withData(context, line.repeat));
    if (typeof repeat === 'string') return refusal(repeat);
    const trouble = repeatLine(context.bench, { ...line, repeat });
    return trouble === null ? null : refusal(trouble);
  }
  if (line.kind === 'fault') {
    const trouble = context.bench.setFaults(line.socket, line.faults);
    return trouble === null ? null : refusal(trouble);
  }
  if (line.kind === 'rule' || line.kind === 'change-rule') return runRule(context, line);
  if (line.kind === 'policy') context.bench.setPolicy(line.program, line.policy);
  if (line.kind === 'loop') context.bench.setLoop(line.program, line.loop, line.on);
  if (line.kind !== 'call') return null;
  const call = await readData(context, line.call);
  if (typeof call === 'string') return refusal(call);
  return soon(
    context,
    call,
    () => {},
    failure => refusalOf(failure, call),
    outcome => keep(context, variable, outcome, call),
  );
};
