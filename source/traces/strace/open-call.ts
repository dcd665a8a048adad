import { isWhole, splitArguments } from './argument-list.ts';
import type { Result } from './moments.ts';
import { parseResult } from './strace-line.ts';

/**
 * A call that a thread is in.
 *
 * - `body`: what strace has printed behind its opening bracket; `began`: when it was first made, ms since 1970
 * - `seen`: a `begin` was told of it
 * - `interrupted`: a signal took the thread out of it; `base`: its arguments, where it went on behind a signal
 * - `partial`: it was told of by a line that has no end yet
 */
export type OpenCall = {
  readonly name: string;
  readonly began: number;
  body: string;
  seen: boolean;
  interrupted: boolean;
  base: string | null;
  partial: boolean;
};

export const openCall = (name: string, began: number, body: string): OpenCall => ({
  name,
  began,
  body,
  seen: false,
  interrupted: false,
  base: null,
  partial: false,
});

/**
 * What the text of a call says by now.
 *
 * - `open`: in flight. `lost`: its thread ended in it, strace left it, or the line is broken
 * - `interrupted`: a signal took the thread out of it, and the kernel may make it again. `over`: its result
 */
export type Said =
  | { readonly kind: 'open'; readonly body: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'interrupted'; readonly body: string }
  | {
      readonly kind: 'over';
      readonly texts: readonly string[];
      readonly result: Result;
      readonly took: number | null;
    };

/** Not the end of a call: the kernel makes it again behind the signal, unless a handler has it fail (signal(7)). */
const restarts: ReadonlySet<string> = new Set([
  'ERESTARTSYS',
  'ERESTARTNOINTR',
  'ERESTARTNOHAND',
  'ERESTART_RESTARTBLOCK',
]);

const unfinished = ' <unfinished ...>';
const left = / <(?:detached \.\.\.>|unfinished \.\.\.>\) += \?)$/;

/** A line that is whole. */
export const readBody = (body: string): Said => {
  if (body.endsWith(unfinished)) return { kind: 'open', body: body.slice(0, -unfinished.length) };
  if (left.test(body)) return { kind: 'lost' };
  const { texts, end } = splitArguments(body, 0);
  const equals = end < 0 ? null : /^ += /.exec(body.slice(end));
  const answer = equals && parseResult(body.slice(end + equals[0].length));
  if (!answer) return { kind: 'lost' };
  if (restarts.has(answer.result.error)) return { kind: 'interrupted', body: body.slice(0, end - 1) };
  return { kind: 'over', texts, ...answer };
};

/** The arguments that a call in flight has printed. Of a line without an end the last may be a part of one: `"ab`. */
export const printedOf = ({ body, partial }: OpenCall): readonly string[] => {
  const { texts } = splitArguments(body, 0);
  const last = texts.at(-1);
  return partial && last !== undefined && !isWhole(last) ? texts.slice(0, -1) : texts;
};

/** `<... resuming interrupted poll ...>`: what restart_syscall goes on with. */
const resuming = /^<\.\.\. resuming interrupted (\w+)[^>]*>/;

/** Whether the kernel makes the interrupted call again, or the thread makes another. */
export const isMadeAgain = (before: OpenCall, name: string, body: string): boolean => {
  if (name === 'restart_syscall') return true;
  const [first] = splitArguments(before.body, 0).texts;
  return name === before.name && splitArguments(body, 0).texts[0] === first;
};

/** Its body by a line about it, which restart_syscall has none of the arguments in. */
export const bodyOf = ({ base }: Pick<OpenCall, 'base'>, body: string): string =>
  body.replace(resuming, () => base ?? '');

/** Of a call whose beginning was never seen, restart_syscall tells the name. */
export const nameOf = (name: string, body: string): string => {
  const resumed = name === 'restart_syscall' ? resuming.exec(body)?.[1] : undefined;
  return resumed === undefined || resumed === 'system' ? name : resumed;
};

/** Whether a line without an end has told enough to say which call it is about: a second argument has begun behind the first. */
export const isKnown = (name: string, body: string, before: OpenCall | undefined): boolean => {
  if (name === 'restart_syscall') return resuming.test(body);
  return !before?.interrupted || splitArguments(body, 0).texts.length > 1;
};
