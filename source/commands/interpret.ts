import type { Bytes } from '../core/bytes.ts';
import type { Call } from '../core/call.ts';
import type { Target } from '../core/expectation.ts';
import { type Line, parseLine } from '../core/line.ts';
import { type Command, type Context, type Result, refusal } from './command.ts';
import { runCommand, type Written } from './invoke.ts';
import { refusalOf, soon } from './performed.ts';
import { onlyReplay } from './replay.ts';

type CallLine = Extract<Line, { kind: 'call' | 'cancel' }>;

/** A text of the palette or of `run`: a command with its values (`listen 9000`), or a line (`c1.send "hi"`). */
export type Interpretation =
  | { readonly kind: 'command'; readonly command: Command; readonly written: Written }
  | { readonly kind: 'line'; readonly line: CallLine }
  | { readonly kind: 'error'; readonly message: string; readonly column: number | null };

type Named = { readonly command: Command; readonly rest: string };

/** The longest start of the text that is a command's id, with spaces for its dashes. */
const named = (text: string, commands: readonly Command[]): Named | undefined => {
  const words = [...text.matchAll(/\S+/g)];
  for (let count = Math.min(4, words.length); count > 0; count--) {
    const id = words
      .slice(0, count)
      .map(([word]) => word.toLowerCase())
      .join('-');
    const command = commands.find(each => each.id === id && (each.listed || each.keys.length > 0));
    const last = words[count - 1]!;
    if (command) return { command, rest: text.slice(last.index + last[0].length).trim() };
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
  const found = named(text, commands);
  if (!found) return undefined;
  const written = writtenFor(found.command, found.rest);
  if (written) return { kind: 'command', command: found.command, written };
  const column = text.length - found.rest.length;
  return {
    kind: 'error',
    message: `${found.command.id} takes no value: "${found.rest}" is too much`,
    column,
  };
};

/** Reads one text. Nothing is run. */
export const interpret = (text: string, commands: readonly Command[]): Interpretation => {
  const line = parseLine(text);
  if (line.ok && (line.value.kind === 'call' || line.value.kind === 'cancel'))
    return { kind: 'line', line: line.value };
  const command = asCommand(text, commands);
  if (command) return command;
  if (line.ok) {
    const message =
      line.value.kind === 'empty'
        ? 'Type a command or a call, for example: listen 9000, c1.send "hi"'
        : `${line.value.kind} is for labs and for sockbench run: here you see it happen`;
    return { kind: 'error', message, column: 0 };
  }
  return { kind: 'error', message: line.message, column: line.column };
};

const readData = async (context: Context, call: Call): Promise<Call | string> => {
  if (!('data' in call) || call.data.kind !== 'file' || call.data.data) return call;
  const { path } = call.data;
  try {
    const data: Bytes = { ...call.data, data: await context.app.readFile(path) };
    return { ...call, data };
  } catch (error) {
    return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
};

const cancelTarget = (context: Context, target: Target): Result => {
  for (const { id, call } of context.bench.state().calls.values()) {
    if (call.name === target.name && call.on === target.on) {
      context.bench.cancel(id);
      return null;
    }
  }
  return refusal(`${target.on === '' ? '' : `${target.on}.`}${target.name} is not in flight`);
};

/** Runs what was read: answers why it was refused or failed soon, null where it went well or goes on. */
export const runInterpreted = async (
  context: Context,
  interpretation: Exclude<Interpretation, { kind: 'error' }>,
): Promise<Result> => {
  if (interpretation.kind === 'command')
    return runCommand(context, interpretation.command, interpretation.written);
  if (context.store.getState().view.replay) return refusal(onlyReplay);
  context.bench.flush();
  const { line } = interpretation;
  if (line.kind === 'cancel') return cancelTarget(context, line.target);
  const call = await readData(context, line.call);
  if (typeof call === 'string') return refusal(call);
  return soon(
    context,
    call,
    () => {},
    failure => refusalOf(failure, call),
  );
};
