import { foreignSocketFacts } from '../../source/drivers/native/foreign-sockets.ts';
import { type Observed, observe } from '../../source/traces/looks/observe.ts';
import { lookAt } from '../../source/traces/proc/machine.ts';
import { realProc } from '../../source/traces/proc/real-proc.ts';
import type { Processor } from '../../source/traces/proc/system-calls.ts';
import { reportLines } from '../../source/traces/verdict/report-text.ts';

const facts = foreignSocketFacts();

const look = () => lookAt(realProc, facts, process.arch as Processor, process.pid);

/** A turn of the event loop: looks are told apart by whether a thread has run, not by a time. */
const turn = () => new Promise<void>(resolve => setImmediate(resolve));

/** What is seen of these processes now. What they have printed by then is read before. */
export const see = async (pids: readonly number[]): Promise<Observed> => {
  await turn();
  return observe(look(), pids, async () => {
    await turn();
    return look();
  });
};

export const textOf = (seen: Observed): string => reportLines(seen).join('\n');

/** The longest that a program takes to come to rest, in ms. */
const patience = 20_000;

/** Looks until what is seen is so; throws with the last answer where it never is. */
export const seeUntil = async (
  pids: () => readonly number[],
  holds: (seen: Observed, text: string) => boolean,
): Promise<Observed> => {
  const end = performance.now() + patience;
  for (;;) {
    const seen = await see(pids());
    const text = textOf(seen);
    if (holds(seen, text)) return seen;
    if (performance.now() > end) throw new Error(`it was never seen so. Seen at last:\n${text}`);
  }
};
