import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessId } from '../core/process.ts';
import { foreignSocketFacts } from '../drivers/foreign-sockets.ts';
import { threadId } from '../traces/gather.ts';
import { lookAt } from '../traces/machine.ts';
import { type Observed, observe } from '../traces/observe.ts';
import { realProc } from '../traces/real-proc.ts';
import type { Step } from '../traces/strace/steps.ts';
import type { Processor } from '../traces/system-calls.ts';
import { knotSentence, remedySentence } from '../traces/verdict-words.ts';
import { waitSentence } from '../traces/wait-words.ts';

/** Between two looks, in ms: while something happens, and once nothing has for a while. */
const oftenMs = 250;
const seldomMs = 1_000;
const whileMs = 3_000;

/** Between the two looks of one verdict, in ms. */
const twiceMs = 100;

/** A call that is not over by then is worth a line of why, in ms. */
const blockedMs = 100;

type Call = Extract<Step, { kind: 'begin' }>;

/** Where a verdict goes: `knot`, into the journal; `wait`, why a call of this thread lasts. */
export type TellVerdict = {
  readonly knot: (text: string) => void;
  readonly wait: (thread: string, text: string) => void;
};

/** Looks at traced processes while calls of theirs are in flight, and says what they wait for. */
export type Verdicts = {
  readonly take: (steps: readonly Step[]) => void;
  /** One more look, now. */
  readonly look: () => Promise<Observed>;
  readonly stop: () => void;
};

export const createVerdicts = (tell: TellVerdict): Verdicts => {
  const facts = foreignSocketFacts();
  const machine = () => lookAt(realProc, facts, process.arch as Processor, process.pid);
  const pids = new Map<ProcessId, number>();
  const calls = new Map<number, Call>();
  const told = new Set<number>();
  let knots = new Set<string>();
  let stepAt = Date.now();
  let lookAtLast = 0;
  let looking = false;

  const see = () =>
    observe(machine(), [...pids.values()], async () => {
      await pause(twiceMs);
      return machine();
    });

  const tellWaits = (seen: Observed) => {
    for (const { id, actor, thread, call, at } of calls.values()) {
      const tid = Number(thread.split('/')[1]);
      const wait = seen.waits.get(threadId({ pid: pids.get(actor) ?? 0, tid }));
      if (told.has(id) || !wait || wait.idle !== null || Date.now() - at < blockedMs) continue;
      told.add(id);
      const name = call.name === 'poll' || call.on === '' ? call.name : `${call.on}.${call.name}`;
      tell.wait(thread, `${name} ${waitSentence(seen.machine, wait)}`);
    }
  };

  const tellKnots = (seen: Observed) => {
    // That some only seem to wait for each other is said at the end: many servers do, whenever nobody asks them anything.
    const certain = seen.knots.filter(({ kind }) => kind !== 'suspected');
    const found = new Set(certain.map(knot => knotSentence(seen, knot)));
    for (const knot of certain) {
      const sentence = knotSentence(seen, knot);
      if (knots.has(sentence)) continue;
      tell.knot(sentence);
      tell.knot(remedySentence(seen, knot));
    }
    for (const sentence of knots) if (!found.has(sentence)) tell.knot(`over: ${sentence}`);
    knots = found;
  };

  const isTime = (): boolean => {
    if (looking || pids.size === 0) return false;
    const [oldest] = calls.values();
    if (!oldest && knots.size === 0) return false;
    const pace = Date.now() - stepAt < whileMs ? oftenMs : seldomMs;
    return Date.now() - lookAtLast >= pace;
  };

  const look = async () => {
    looking = true;
    const seen = await see();
    looking = false;
    lookAtLast = Date.now();
    tellWaits(seen);
    tellKnots(seen);
    return seen;
  };

  const timer = setInterval(() => {
    if (isTime()) void look();
  }, oftenMs / 5);

  return {
    take: steps => {
      for (const step of steps) {
        if (step.kind === 'process') pids.set(step.actor, step.pid);
        else if (step.kind === 'gone') pids.delete(step.actor);
        else if (step.kind === 'begin') calls.set(step.id, step);
        else if (step.kind === 'end') calls.delete(step.id);
        if (step.kind === 'end') told.delete(step.id);
        stepAt = Date.now();
      }
    },
    look,
    stop: () => clearInterval(timer),
  };
};
