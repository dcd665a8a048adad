import { type Context, type Result, refusal } from './command.ts';
import { interpret, runInterpreted } from './interpret.ts';

/** Does what a text says, as the palette would: a command with its values, or a call. Answers why not, or null. */
export const dispatchText = async (context: Context, text: string): Promise<Result> => {
  const interpretation = interpret(text, context.keymap.commands, context.store.getState().view.values);
  if (interpretation.kind === 'error') {
    return refusal(interpretation.message, { column: interpretation.column });
  }
  return runInterpreted(context, interpretation);
};
