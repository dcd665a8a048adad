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

type Read = () => Answer | undefined | Promise<Answer | undefined>;

/** Of this thread's own work, in ms: while the processor is another's, a clock goes on. */
const workOf = async (read: Read): Promise<number> => {
  const before = process.threadCpuUsage();
  await read();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
};

/** Slow again each time it is read alone: what else the machine does is not its reader's fault. */
const isSlow = async (read: Read): Promise<boolean> => {
  for (let left = 4; left > 0; left--) if ((await workOf(read)) <= slowest) return false;
  return true;
};

/** Throws where reading throws, refuses without a proper sentence, changes what all objects are, or is slow. */
export const judge = async ({ timed }: Input, read: Read): Promise<void> => {
  const began = performance.now();
  const answer = await read();
  const late = timed && performance.now() - began > slowest;
  if (answer && !answer.ok) expectSentence(answer.message ?? '');
  if (keysOf() !== known) throw new Error('a prototype has been changed');
  if (late && (await isSlow(read)))
    throw new Error(`no answer in ${slowest} ms, nor in as much work of its own, four times more`);
};
