import type { Bench } from '../bench/engine/bench.ts';
import { repeatLine } from '../commands/sockets/repeat-line.ts';
import { type Call, titleOf } from '../core/calls/call.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import type { Expectation, Target } from '../core/language/expectation.ts';
import { formatSpan } from '../core/language/expectation-text.ts';
import { formatFaults } from '../core/language/fault-text.ts';
import type { Line } from '../core/language/line.ts';
import { formatRepeat } from '../core/language/repeat-text.ts';
import { formatDuration } from '../core/language/units.ts';
import type { EndedEntry } from '../core/model/entry.ts';
import { formatOutcome } from '../core/words/outcome-text.ts';
import { createClaimRunner } from './claim-runner.ts';
import { flightOf, type Judgement } from './claims.ts';
import { matches } from './matches.ts';
import { runRelay } from './relay-runner.ts';
import { runRule } from './rule-runner.ts';
import { runUntil } from './until-runner.ts';
import { done, judged, unexpectedError, type Verdict } from './verdict.ts';

/** A line with no other in it. */
export type OneLine = Exclude<Line, { kind: 'repeat' }>;

/** The line of text that a call comes from, and its row from 1. */
export type Origin = { readonly text: string; readonly row: number };

export type LeftOver = { readonly origin: Origin; readonly verdict: Verdict };

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

/** "still in flight" without a time: long enough for a call over loopback to end, were it able to. */
const blockedMs = 100;

/** An end that came in time may be heard of so much later. */
const graceMs = 100;

/** Calls of one title that were cancelled and may still be waited for. */
const mostCancelled = 100;

type Started = {
  readonly call: Call;
  readonly id: number;
  readonly origin: Origin;
  readonly ended: Promise<Outcome>;
  /** Where it has ended. */
  outcome: Outcome | null;
};

export const createLineRunner = ({ bench, signal, judgeTimes }: LineRunnerOptions): LineRunner => {
  /** Calls that no line has waited for yet, oldest first. */
  const unwaited = new Set<Started>();
  /** Those that `cancel` ended, by their titles: a `wait` finds them where no other call of the title is left. */
  const cancelled = new Map<string, Started[]>();
  let last: Outcome | undefined;

  const orAborted = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });

  const pause = (ms: number): Promise<void> => orAborted(new Promise(resolve => setTimeout(resolve, ms)));

  const start = (call: Call, origin: Origin): Started => {
    const { promise: ended, resolve } = Promise.withResolvers<Outcome>();
    let early: Outcome | null = null;
    let one: Started | null = null;
    const onEnd = (outcome: Outcome) => {
      if (one) one.outcome = outcome;
      else early = outcome;
      resolve(outcome);
    };
    const id = bench.perform(call, { onEnd });
    one = { call, id, origin, ended, outcome: early };
    unwaited.add(one);
    return one;
  };

  const entryOf = (id: number): EndedEntry | undefined => {
    bench.flush();
    for (let n = bench.journal.last(); n >= bench.journal.first(); n--) {
      const entry = bench.journal.at(n);
      if (entry?.kind === 'ended' && entry.id === id) return entry;
    }
    return undefined;
  };

  const timely = (expectation: Expectation, id: number): Judgement => {
    if (!expectation.span || !judgeTimes) return true;
    const entry = entryOf(id);
    const took = entry ? entry.t - (entry.startedAt ?? entry.queuedAt) : 0;
    const { from, to } = expectation.span;
    if (took >= from && took <= to) return true;
    return `expected ${formatSpan(expectation.span)}, it took ${formatDuration(Number(took.toFixed(3)))}`;
  };

  /** Resolves with null once a call has been running for longer than `ms`; its time in a queue does not count. */
  const overdue = async (one: Started, ms: number): Promise<null> => {
    let over = false;
    void one.ended.then(() => {
      over = true;
    });
    for (;;) {
      bench.flush();
      const began = bench.state().calls.get(one.id)?.startedAt ?? bench.now();
      const left = began + ms + graceMs - bench.now();
      if (over || left <= 0) return null;
      await pause(left);
    }
  };

  /** How the call ends; null where it is still in flight when it can no longer be in time: then it is cancelled. */
  const inTime = async (one: Started, expectation: Expectation | null): Promise<Outcome | null> => {
    const latest = judgeTimes && expectation?.span ? expectation.span.to : Number.POSITIVE_INFINITY;
    if (!Number.isFinite(latest)) return orAborted(one.ended);
    const outcome = await Promise.race([orAborted(one.ended), overdue(one, latest)]);
    if (!outcome) bench.cancel(one.id);
    return outcome;
  };

  const finish = async (one: Started, expectation: Expectation | null): Promise<Verdict> => {
    unwaited.delete(one);
    const outcome = await inTime(one, expectation);
    if (!outcome)
      return judged(`expected ${formatSpan(expectation!.span!)}, it was still in flight then`, '', one.id);
    last = outcome;
    const found = formatOutcome(outcome, one.call, 200);
    if (!expectation)
      return (outcome.kind === 'error' && unexpectedError(outcome, found, one.id)) || done(found, one.id);
    const value = matches(expectation, outcome, one.call);
    return judged(value === true ? timely(expectation, one.id) : value, found, one.id);
  };

  const stillThere = async (
    one: Started,
    kind: 'blocked' | 'queued',
    ms: number | null,
  ): Promise<Verdict> => {
    const over = await Promise.race([one.ended, pause(ms ?? blockedMs)]);
    if (over) return judged(`expected ${kind}, it ended: ${formatOutcome(over, one.call, 200)}`, '', one.id);
    bench.flush();
    const flight = bench.state().calls.get(one.id);
    const is = flight?.startedAt === null ? 'queued' : 'blocked';
    return judged(
      flight && is === kind ? true : `expected ${kind}, it is ${flight ? is : 'over'}`,
      is,
      one.id,
    );
  };

  const runCall = async (line: Extract<Line, { kind: 'call' }>, origin: Origin): Promise<Verdict> => {
    const { expectation } = line;
    const one = start(line.call, origin);
    const wanted = expectation?.value;
    if (wanted?.kind === 'blocked' || wanted?.kind === 'queued')
      return stillThere(one, wanted.kind, wanted.for);
    if (line.background) return done('', one.id);
    return finish(one, expectation);
  };

  const find = (test: (one: Started) => boolean): Started | undefined => {
    for (const one of unwaited) if (test(one)) return one;
    return undefined;
  };

  const runWait = async (target: Target, expectation: Expectation | null): Promise<Verdict> => {
    const title = titleOf(target);
    const one = find(({ call }) => titleOf(call) === title) ?? cancelled.get(title)?.shift();
    return one ? finish(one, expectation) : judged(`no ${title} was started and not waited for`, '', 0);
  };

  const runCancel = async (target: Target, expectation: Expectation | null): Promise<Verdict> => {
    bench.flush();
    const title = titleOf(target);
    const flight = flightOf(bench.state(), target);
    if (!flight) return judged(`${title} is not in flight`, '', 0);
    const one = find(({ id }) => id === flight.id);
    bench.cancel(flight.id);
    if (!one) return done('cancelled', flight.id);
    cancelled.set(title, [...(cancelled.get(title) ?? []), one].slice(-mostCancelled));
    return finish(one, expectation);
  };

  const runClaim = createClaimRunner(bench, pause);

  const runUntilLine = async (line: Extract<Line, { kind: 'until' }>): Promise<Verdict> => {
    const { verdict, outcome } = await orAborted(runUntil(bench, line, judgeTimes));
    last = outcome;
    return verdict;
  };

  /** A call on its way to a refusal over loopback is over by then; what still waits is closed by the end of the run. */
  const leftOver = async (): Promise<LeftOver[]> => {
    const ends = Promise.all([...unwaited].map(({ ended }) => ended));
    if ([...unwaited].some(({ outcome }) => outcome === null)) await Promise.race([ends, pause(blockedMs)]);
    const left: LeftOver[] = [];
    for (const { outcome, call, id, origin } of unwaited) {
      if (outcome?.kind !== 'error') continue;
      const verdict = unexpectedError(outcome, formatOutcome(outcome, call, 200), id);
      if (verdict) left.push({ origin, verdict });
    }
    unwaited.clear();
    return left;
  };

  const run = (line: OneLine, origin: Origin): Promise<Verdict> => {
    last = undefined;
    switch (line.kind) {
      case 'empty':
        return Promise.resolve(done('', 0));
      case 'call':
        return runCall(line, origin);
      case 'until':
        return runUntilLine(line);
      case 'wait':
        return runWait(line.target, line.expectation);
      case 'cancel':
        return runCancel(line.target, line.expectation);
      case 'expect':
        return runClaim(line.claim);
      case 'sleep':
        return pause(line.ms).then(() => done('', 0));
      case 'policy':
        bench.setPolicy(line.program, line.policy);
        return Promise.resolve(done(line.policy, 0));
      case 'loop':
        bench.setLoop(line.program, line.loop, line.on);
        return Promise.resolve(done(`${line.loop} ${line.on ? 'on' : 'off'}`, 0));
      case 'relay':
        return Promise.resolve(runRelay(bench, line));
      case 'repeat-send': {
        const trouble = repeatLine(bench, line);
        const what = line.repeat ? formatRepeat(line.repeat, 60) : 'off';
        return Promise.resolve(trouble === null ? done(what, 0) : judged(trouble, '', 0));
      }
      case 'fault': {
        bench.flush();
        const why = bench.setFaults(line.socket, line.faults);
        return Promise.resolve(why === null ? done(formatFaults(line.faults), 0) : judged(why, '', 0));
      }
      case 'rule':
      case 'change-rule':
        return Promise.resolve(runRule(bench, line));
    }
  };

  return { run, pause, leftOver, lastOutcome: () => last };
};
