import type { Refusal } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { offeredField } from '../../bench/view/text-field.ts';
import { t } from '../../core/words/translate.ts';
import { type Command, type Context, look, type Result, refusal, say } from './command.ts';
import { openOverlay } from './overlays.ts';

/** What was written for a command's parameters, by name; those left out take their fallbacks. */
export type Written = Readonly<Record<string, string>>;

type Values =
  | { readonly ok: true; readonly values: Record<string, unknown> }
  | { readonly ok: false; readonly refusal: Refusal };

/** Reads every parameter; the first that cannot be read is refused by name and column. */
const readParameters = (command: Command, written: Written, world: World): Values => {
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(command.parameters)) {
    const text = written[name] ?? parameter.fallback?.(world);
    if (text === undefined) {
      const message = t`${command.id} needs ${t(parameter.title)}: ${t(parameter.hint)}`;
      return { ok: false, refusal: refusal(message, { field: name }) };
    }
    const parsed = parameter.parse(text, world);
    if (!parsed.ok) {
      const { message, column } = parsed;
      return { ok: false, refusal: refusal(message, { column, field: name }) };
    }
    values[name] = parsed.value;
  }
  return { ok: true, values };
};

/** A fault must not take the person's sockets with it: it is said like any other refusal. */
const thrown = (error: unknown): Refusal => refusal(error instanceof Error ? error.message : String(error));

/**
 * What was said may no longer be so after the next thing done, and goes with it; movement and editing leave it. What
 * lasts tells of something that came unasked: it waits to be read.
 */
const dropSaid = (context: Context, command: Command): void => {
  const { message, quitSaid } = context.store.getState().view;
  const wasQuit = message !== null && message === quitSaid;
  if (command.listed && wasQuit && command.id !== 'quit') look(context, { message: null, quitSaid: null });
  if (command.listed && message && !message.lasting) look(context, { message: null, quitBefore: 0 });
};

/** Runs a command with what was written; answers why it was refused, or null. Reads a flushed bench. */
export const runCommand = async (context: Context, command: Command, written: Written): Promise<Result> => {
  context.source.flush();
  const world = context.store.getState();
  const reason = command.disabled(world, context.keysFrom(world));
  if (reason !== null) return refusal(reason);
  const read = readParameters(command, written, world);
  if (!read.ok) return read.refusal;
  dropSaid(context, command);
  try {
    return (await command.run(context, read.values)) ?? null;
  } catch (error) {
    return thrown(error);
  }
};

export const openForm = (context: Context, command: Pick<Command, 'id' | 'parameters'>): void => {
  const world = context.store.getState();
  openOverlay(context, {
    kind: 'form',
    command: command.id,
    fields: Object.entries(command.parameters)
      .filter(([, { applies }]) => applies?.(world) ?? true)
      .map(([name, parameter]) => ({
        name,
        field: offeredField(parameter.fallback?.(world) ?? ''),
        ...(parameter.isPath ? { isPath: true } : {}),
        ...(parameter.kept ? { kept: parameter.kept } : {}),
      })),
    at: 0,
    refusal: null,
    busy: false,
  });
};

/**
 * Runs a command as its key does: at once on a flushed bench, through a form where it asks. Why it cannot be done,
 * or what went wrong, is said in the message line.
 */
export const pressCommand = (context: Context, command: Command): void => {
  context.source.flush();
  dropSaid(context, command);
  const world = context.store.getState();
  const reason = command.disabled(world, context.keysFrom(world));
  if (reason !== null) say(context, reason, 'warning');
  else if (command.ask) openForm(context, command);
  else runAtOnce(context, command, world);
};

/** The same of the command of this name. */
export const pressNamed = (context: Context, id: string): void => {
  const command = context.keymap.commands.find(each => each.id === id);
  if (command) pressCommand(context, command);
};

const runAtOnce = (context: Context, command: Command, world: World): void => {
  const complain = (refused: Result) => {
    if (refused) say(context, refused.message, 'warning');
  };
  const read = readParameters(command, {}, world);
  const result = read.ok ? command.run(context, read.values) : read.refusal;
  if (result instanceof Promise) void result.then(complain, error => complain(thrown(error)));
  else complain(result ?? null);
};
