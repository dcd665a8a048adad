import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { ToldSource } from '../../bench/processes/told-source.ts';
import { reportLines } from '../../traces/verdict/report-text.ts';
import { ownStreams } from './program-streams.ts';
import { endRun, startRun, type TraceRun } from './trace-run.ts';
import type { HowEnded } from './trace-session.ts';
import { handOnSignals } from './trace-signals.ts';
import { seenNow } from './trace-verdicts.ts';
import type { Whom } from './trace-whom.ts';

const deadlocked = 3;
const timedOut = 124;

export const statusOf = ({ code, signal }: HowEnded): number =>
  code ?? 128 + (signal ? constants.signals[signal] : 0);

/** What the flags say, once they are read. */
export type InLines = {
  readonly whom: Whom;
  readonly bySeccomp: boolean;
  /** ms; null: none. */
  readonly timeout: number | null;
  readonly json: boolean;
  readonly print: (line: string) => void;
  /** What is wrong with the trace itself. */
  readonly complain: (line: string) => void;
};

/** The time is over: says why they hang, and ends what was started here. */
const giveUp = async (run: TraceRun, { whom, json, print }: InLines): Promise<number> => {
  const seen = await seenNow(run.living.pids());
  if (!json) print(reportLines(seen).join('\n'));
  await endRun(run, whom);
  return seen.knots.some(({ kind }) => kind === 'deadlock') ? deadlocked : timedOut;
};

/** Until they have ended, or the time is over. The exit status. */
export const traceInLines = async (asked: InLines, source: ToldSource<'trace'>): Promise<number> => {
  const { whom, bySeccomp, timeout } = asked;
  const limit = new AbortController();
  const late = timeout === null ? null : pause(timeout, 'late' as const, { signal: limit.signal });
  late?.catch(() => {});
  const printing = { streamsOf: async () => ownStreams, printed: () => {} };
  const run = await startRun({ whom, bySeccomp, ...printing, trouble: asked.complain }, source);
  const { session, living } = run;
  const signals = handOnSignals(session, whom, living);
  const over = session.over.then(() => 'over' as const);
  try {
    if ((await Promise.race(late ? [over, late] : [over])) === 'late') return await giveUp(run, asked);
    const ended = await session.ended;
    const last = signals.last();
    if (whom.kind === 'pids' && last !== null) return 128 + constants.signals[last];
    return ended.map(statusOf).find(code => code !== 0) ?? 0;
  } finally {
    limit.abort();
    run.stop();
    signals.stop();
  }
};
