import type { Input } from '../campaign.ts';

/** What a reader answers: the value, or why there is none, in a sentence. */
export type Answer = { readonly ok: boolean; readonly message?: string };

/** What no sentence holds: what a terminal would obey or hide, and what ends a line. */
const unsafe = /[\x00-\x1f\x7f-\x9f\ud800-\udfff]|[\p{Cf}\p{Zl}\p{Zp}]/u;

const longestSentence = 1_000;

const expectSentence = (message: string): void => {
  if (message === '') throw new Error('it is refused without a word');
  if (message.length > longestSentence) throw new Error(`its refusal has ${message.length} characters`);
  if (unsafe.test(message)) throw new Error(`its refusal could steer a terminal: ${JSON.stringify(message)}`);
};

const classes = [Object, Array, Function, String, Map, Set];
const keysOf = (): number => classes.reduce((sum, one) => sum + Reflect.ownKeys(one.prototype).length, 0);
const known = keysOf();

/** Milliseconds in which an answer must be there: a screen that stands still for longer is felt. */
const slowest = 100;

const timeOf = (read: () => unknown): number => {
  const began = performance.now();
  read();
  return performance.now() - began;
};

/** Slow again each time it is read alone: what else the machine does is not its reader's fault. */
const isSlow = (read: () => unknown): boolean =>
  timeOf(read) > slowest && [1, 2, 3, 4].every(() => timeOf(read) > slowest);

/** Throws where reading throws, refuses without a proper sentence, changes what all objects are, or is slow. */
export const judge = ({ timed }: Input, read: () => Answer | undefined): void => {
  let answer: Answer | undefined;
  const first = () => {
    answer = read();
  };
  const slow = timed ? timeOf(first) > slowest && isSlow(read) : first();
  if (answer && !answer.ok) expectSentence(answer.message ?? '');
  if (keysOf() !== known) throw new Error('a prototype has been changed');
  if (slow) throw new Error(`no answer in ${slowest} ms, five times of five`);
};
