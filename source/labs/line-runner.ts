import type { Bench } from '../bench/engine/bench.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import type { Line } from '../core/language/line.ts';
import { CallRunner, type Ran } from './call-runner.ts';
import { createCallTimes } from './call-times.ts';
import { createClaimRunner } from './claim-runner.ts';
import { createPatience } from './patience.ts';
import { runSetting } from './setting-lines.ts';
import { runUntil } from './until-runner.ts';
import type { LeftOver, Origin } from './unwaited-calls.ts';
import { done, type Verdict } from './verdict.ts';

/** A line with no other in it. */
export type OneLine = Exclude<Line, { kind: 'repeat' }>;

export type LineRunner = {
  /**
   * Runs one line to its end, or to where its expectation is judged; of a repeated line one round. `origin` is what
   * `leftOver` names it by. Rejects only when the signal is aborted.
   */
  readonly run: (line: OneLine, origin: Origin) => Promise<Verdict>;
  /** Waits as long as the time says; rejects when the signal is aborted. */
  readonly pause: (ms: number) => Promise<void>;
  /** Calls that no line waited for and that ended with an error: each fails the line that started it. */
  readonly leftOver: () => Promise<readonly LeftOver[]>;
  /** The value a made or returned name stands for in later lines: `me = c1.getsockname` makes `$me`. */
  readonly lastOutcome: () => Outcome | undefined;
};

export type LineRunnerOptions = {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  /** Spans are shown, not judged, when a person steps by hand. */
  readonly judgeTimes: boolean;
};

export const createLineRunner = ({ bench, signal, judgeTimes }: LineRunnerOptions): LineRunner => {
  const patience = createPatience(signal);
  const { orAborted, pause } = patience;
  const calls = new CallRunner(bench, patience, createCallTimes(bench, patience, judgeTimes));
  const runClaim = createClaimRunner(bench, pause);
  let last: Outcome | undefined;

  const ranOf = async (line: OneLine, origin: Origin): Promise<Ran> => {
    switch (line.kind) {
      case 'empty':
        return { verdict: done('', 0) };
      case 'call':
        return calls.run(line, origin);
      case 'until':
        return orAborted(runUntil(bench, line, judgeTimes));
      case 'wait':
        return calls.wait(line.target, line.expectation);
      case 'cancel':
        return calls.cancel(line.target, line.expectation);
      case 'expect':
        return { verdict: await runClaim(line.claim) };
      case 'sleep':
        await pause(line.ms);
        return { verdict: done('', 0) };
      default:
        return { verdict: runSetting(bench, line) };
    }
  };

  const run = async (line: OneLine, origin: Origin): Promise<Verdict> => {
    last = undefined;
    const { verdict, outcome } = await ranOf(line, origin);
    last = outcome;
    return verdict;
  };

  return { run, pause, leftOver: () => calls.leftOver(), lastOutcome: () => last };
};
