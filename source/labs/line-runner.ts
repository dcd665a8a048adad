import type { Bench } from '../bench/bench.ts';
import type { Call } from '../core/call.ts';
import type { EndedEntry } from '../core/entry.ts';
import type { Claim, Expectation, Target } from '../core/expectation.ts';
import { formatSpan } from '../core/expectation-text.ts';
import type { Line } from '../core/line.ts';
import { matches } from '../core/matches.ts';
import type { Outcome } from '../core/outcome.ts';
import { formatOutcome } from '../core/outcome-text.ts';
import { formatDuration } from '../core/units.ts';
import { flightOf, type Judgement, judge, refusalOf } from './claims.ts';
import { isBlind, isFresh, isKernels } from './kernel-claims.ts';

/**
 * How a line went. `done`: it held no expectation; `skipped`: this system cannot tell. `found` says what happened, in the
 * words of the log; `reason` is a sentence: what was expected, and what came instead.
 */
export type Verdict = {
  readonly status: 'done' | 'passed' | 'failed' | 'skipped';
  readonly found: string;
  readonly reason: string;
  /** The call's id, 0 for a line without one. */
  readonly call: number;
};

export type LineRunner = {
  /** Runs one line to its end, or to where its expectation is judged. Rejects only when the signal is aborted. */
  readonly run: (line: Line) => Promise<Verdict>;
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

/** Expectations on state are polled for a second. */
const pollMs = 1_000;

/** A look at the kernel comes a few times a second; on a machine that is very busy it may take as long as this. */
const lookMs = 10_000;

/** An end that came in time may be heard of so much later. */
const graceMs = 100;

/** A finding is made within half a second of its cause; absent that long and a bit, it does not come. */
const absentMs = 600;

type Started = { readonly call: Call; readonly id: number; readonly ended: Promise<Outcome> };

const verdict = (judgement: Judgement, found: string, call: number): Verdict =>
  judgement === true
    ? { status: 'passed', found, reason: '', call }
    : { status: 'failed', found: found || judgement, reason: judgement, call };

export const createLineRunner = ({ bench, signal, judgeTimes }: LineRunnerOptions): LineRunner => {
  /** Calls that no line has waited for yet, oldest first. */
  const unwaited = new Set<Started>();
  let last: Outcome | undefined;

  const orAborted = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });

  const pause = (ms: number): Promise<void> => orAborted(new Promise(resolve => setTimeout(resolve, ms)));

  const start = (call: Call): Started => {
    let id = 0;
    const ended = new Promise<Outcome>(resolve => {
      id = bench.perform(call, { onEnd: resolve });
    });
    const one: Started = { call, id, ended };
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
      return verdict(`expected ${formatSpan(expectation!.span!)}, it was still in flight then`, '', one.id);
    last = outcome;
    const found = formatOutcome(outcome, one.call, 200);
    if (!expectation) return { status: 'done', found, reason: '', call: one.id };
    const value = matches(expectation, outcome, one.call);
    return verdict(value === true ? timely(expectation, one.id) : value, found, one.id);
  };

  const stillThere = async (
    one: Started,
    kind: 'blocked' | 'queued',
    ms: number | null,
  ): Promise<Verdict> => {
    const over = await Promise.race([one.ended, pause(ms ?? blockedMs)]);
    if (over) return verdict(`expected ${kind}, it ended: ${formatOutcome(over, one.call, 200)}`, '', one.id);
    bench.flush();
    const flight = bench.state().calls.get(one.id);
    const is = flight?.startedAt === null ? 'queued' : 'blocked';
    return verdict(
      flight && is === kind ? true : `expected ${kind}, it is ${flight ? is : 'over'}`,
      is,
      one.id,
    );
  };

  const runCall = async (line: Extract<Line, { kind: 'call' }>): Promise<Verdict> => {
    const { expectation } = line;
    const one = start(line.call);
    const wanted = expectation?.value;
    if (wanted?.kind === 'blocked' || wanted?.kind === 'queued')
      return stillThere(one, wanted.kind, wanted.for);
    if (line.background) return { status: 'done', found: '', reason: '', call: one.id };
    return finish(one, expectation);
  };

  const titleOf = ({ on, name }: Target): string => (on === '' ? name : `${on}.${name}`);

  const find = (test: (one: Started) => boolean): Started | undefined => {
    for (const one of unwaited) if (test(one)) return one;
    return undefined;
  };

  const runWait = async (target: Target, expectation: Expectation | null): Promise<Verdict> => {
    const one = find(({ call }) => call.on === target.on && call.name === target.name);
    return one
      ? finish(one, expectation)
      : verdict(`no ${titleOf(target)} was started and not waited for`, '', 0);
  };

  const runCancel = async (target: Target, expectation: Expectation | null): Promise<Verdict> => {
    bench.flush();
    const flight = flightOf(bench.state(), target);
    if (!flight) return verdict(`${titleOf(target)} is not in flight`, '', 0);
    const one = find(({ id }) => id === flight.id);
    bench.cancel(flight.id);
    return one
      ? finish(one, expectation)
      : { status: 'done', found: 'cancelled', reason: '', call: flight.id };
  };

  const poll = async (
    claim: Claim,
    ms: number,
    until: (judgement: Judgement) => boolean,
  ): Promise<Judgement> => {
    const end = bench.now() + ms;
    for (;;) {
      bench.flush();
      const judgement = judge(claim, bench.state(), bench.journal);
      const fresh = isFresh(claim, bench.state(), bench.journal);
      if (until(judgement) && (fresh || claim.kind === 'finding')) return judgement;
      const late = bench.now() - end;
      if (late >= 0 && (fresh || late >= lookMs)) return judgement;
      await pause(10);
    }
  };

  const runClaim = async (claim: Claim): Promise<Verdict> => {
    const hidden = () => isKernels(claim) && isBlind(bench.journal);
    const first = await poll(claim, claim.within ?? pollMs, judgement => judgement === true || hidden());
    if (hidden())
      return { status: 'skipped', found: '', reason: 'this system does not show its queues', call: 0 };
    if (first !== true) return verdict(first, '', 0);
    if (claim.kind === 'refused') return verdict(first, refusalOf(claim.line).text, 0);
    const stays =
      'for' in claim && claim.for !== null
        ? claim.for
        : claim.kind === 'finding' && claim.absent
          ? absentMs
          : 0;
    const after = stays > 0 ? await poll(claim, stays, judgement => judgement !== true) : first;
    return verdict(after, '', 0);
  };

  const run = (line: Line): Promise<Verdict> => {
    last = undefined;
    switch (line.kind) {
      case 'empty':
        return Promise.resolve({ status: 'done', found: '', reason: '', call: 0 });
      case 'call':
        return runCall(line);
      case 'wait':
        return runWait(line.target, line.expectation);
      case 'cancel':
        return runCancel(line.target, line.expectation);
      case 'expect':
        return runClaim(line.claim);
    }
  };

  return { run, lastOutcome: () => last };
};
