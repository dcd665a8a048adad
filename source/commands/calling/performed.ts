import type { Refusal } from '../../bench/view/overlay.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Failure, Outcome } from '../../core/calls/outcome.ts';
import { explain, withoutStop } from '../../core/words/errors.ts';
import { keyHint } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import { type ActingContext, type Context, refusal, say } from './command.ts';
import { keysHere } from './hint-keys.ts';

/** Makes a call and waits for its end, however long that takes. */
export const performed = (context: ActingContext, call: Call, wrapsNext = false): Promise<Outcome> =>
  begun(context, call, wrapsNext).ended;

export const begun = (
  context: ActingContext,
  call: Call,
  wrapsNext = false,
): { readonly id: number; readonly ended: Promise<Outcome> } => {
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<Outcome>();
  return { id: context.bench.perform(call, { onEnd, wrapsNext }), ended };
};

/** A failure in one sentence with its code, Python class and layer, what else is known of it, and what to try. */
export const failureSentence = (failure: Failure, call: Call, known = ''): string => {
  const { code, errno, python, layer, sentence, advice } = explain(failure, call);
  const number = errno === null ? '' : ` ${errno}`;
  const names = [code, python === '' ? '' : `${python}${number}`, layer].filter(Boolean).join(', ');
  const told = withoutStop(sentence);
  const said = known === '' ? told : t`${told}; ${known}`;
  return advice === '' ? t`${said} (${names})` : t`${said} (${names}). Try: ${advice}`;
};

export const refusalOf = (failure: Failure, call: Call, more: Partial<Refusal> = {}): Refusal =>
  refusal(failureSentence(failure, call), more);

/** How long a form waits for a call before it leaves it to run, in ms: a refused loopback port answers in 1. */
const grace = 250;

/** Entries looked through for the end of a call that has just ended. */
const nearEnd = 1_000;

/** With where the log has the end of the call, and the key that goes there, where that is known. */
const withPlace = (context: Context, sentence: string, id: number): string => {
  const { source } = context;
  source.flush();
  const last = source.journal.last();
  const entry = source.journal
    .slice(Math.max(1, last - nearEnd), last)
    .findLast(found => found.kind === 'ended' && found.id === id);
  const told = withoutStop(sentence);
  if (!entry) return told;
  return t`${told}. It is #${entry.n} in the log${keyHint(keysHere(context)('focus-log'))}`;
};

/** How calls failed, the last of them by its id. `quiet`: the person ended it, and knows. */
export type Late = { readonly refusal: Refusal; readonly id: number; readonly quiet: boolean };

/**
 * The refusal if the work fails soon; null once it went well or goes on, and then a failure is said when it comes, until
 * a key is pressed, with its place in the log.
 */
export const unlessLate = async (context: Context, work: Promise<Late | null>): Promise<Refusal | null> => {
  let waiting = true;
  const ended = work.then(late => {
    if (!late) return null;
    const { refusal: answer, id, quiet } = late;
    if (!waiting && !quiet) say(context, withPlace(context, answer.message, id), 'warning', true);
    return answer;
  });
  const answer = await Promise.race([ended, context.app.wait(grace).then(() => null)]);
  waiting = false;
  return answer;
};

/** The same of one call. `undo` runs after a failure, whenever that is; `heard` after every end. */
export const soon = (
  context: ActingContext,
  call: Call,
  undo: () => void,
  refused: (failure: Failure) => Promise<Refusal> | Refusal,
  heard: (outcome: Outcome) => void = () => {},
): Promise<Refusal | null> => {
  const { id, ended } = begun(context, call);
  const work = ended.then(async (outcome): Promise<Late | null> => {
    heard(outcome);
    if (outcome.kind !== 'error') return null;
    undo();
    const quiet = outcome.code === 'INTERRUPTED' || outcome.code === 'CLOSED';
    return { refusal: await refused(outcome), id, quiet };
  });
  return unlessLate(context, work);
};
