import type { Bench } from '../bench/engine/bench.ts';
import { titleOf } from '../core/calls/call.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import type { Expectation, Target } from '../core/language/expectation.ts';
import { formatSpan } from '../core/language/expectation-text.ts';
import type { Line } from '../core/language/line.ts';
import { formatOutcome } from '../core/words/outcome-text.ts';
import { t } from '../core/words/translate.ts';
import type { CallTimes } from './call-times.ts';
import { flightOf } from './claims.ts';
import { matches } from './matches.ts';
import type { Patience } from './patience.ts';
import { type LeftOver, type Origin, type StartedCall, UnwaitedCalls } from './unwaited-calls.ts';
import { done, judged, unexpectedError, type Verdict } from './verdict.ts';

/** How a line went, and with what the call that it waited for ended. */
export type Ran = { readonly verdict: Verdict; readonly outcome?: Outcome | undefined };

/** "still in flight" without a time: long enough for a call over loopback to end, were it able to. */
const blockedMs = 100;

const judgedOf = (
  one: StartedCall,
  expectation: Expectation | null,
  outcome: Outcome,
  times: CallTimes,
): Verdict => {
  const found = formatOutcome(outcome, one.call, 200);
  if (!expectation)
    return (outcome.kind === 'error' && unexpectedError(outcome, found, one.id)) || done(found, one.id);
  const value = matches(expectation, outcome, one.call);
  return judged(value === true ? times.judge(expectation, one.id) : value, found, one.id);
};

/** Lines that start a call, wait for one or cancel one. */
export class CallRunner {
  private readonly bench: Bench;
  private readonly patience: Patience;
  private readonly times: CallTimes;
  private readonly unwaited: UnwaitedCalls;

  constructor(bench: Bench, patience: Patience, times: CallTimes) {
    this.bench = bench;
    this.patience = patience;
    this.times = times;
    this.unwaited = new UnwaitedCalls(bench);
  }

  async run(line: Extract<Line, { kind: 'call' }>, origin: Origin): Promise<Ran> {
    const { expectation } = line;
    const one = this.unwaited.start(line.call, origin);
    const wanted = expectation?.value;
    if (wanted?.kind === 'blocked' || wanted?.kind === 'queued')
      return { verdict: await this.stillThere(one, wanted.kind, wanted.for) };
    if (line.background) return { verdict: done('', one.id) };
    return this.finish(one, expectation);
  }

  async wait(target: Target, expectation: Expectation | null): Promise<Ran> {
    const title = titleOf(target);
    const one = this.unwaited.titled(title);
    if (one) return this.finish(one, expectation);
    return { verdict: judged(t`no ${title} was started and not waited for`, '', 0) };
  }

  async cancel(target: Target, expectation: Expectation | null): Promise<Ran> {
    this.bench.flush();
    const title = titleOf(target);
    const flight = flightOf(this.bench.state(), target);
    if (!flight) return { verdict: judged(t`${title} is not in flight`, '', 0) };
    const one = this.unwaited.withId(flight.id);
    this.bench.cancel(flight.id);
    if (!one) return { verdict: done('cancelled', flight.id) };
    this.unwaited.keepCancelled(title, one);
    return this.finish(one, expectation);
  }

  /** A call on its way to a refusal over loopback is over by then; what still waits is closed by the end of the run. */
  async leftOver(): Promise<readonly LeftOver[]> {
    const ends = this.unwaited.ends();
    if (ends) await Promise.race([ends, this.patience.pause(blockedMs)]);
    return this.unwaited.takeLeftOver();
  }

  private async finish(one: StartedCall, expectation: Expectation | null): Promise<Ran> {
    this.unwaited.waitedFor(one);
    const outcome = await this.times.endOf(one, expectation);
    if (outcome) return { verdict: judgedOf(one, expectation, outcome, this.times), outcome };
    const span = formatSpan(expectation!.span!);
    return { verdict: judged(t`expected ${span}, it was still in flight then`, 'blocked', one.id) };
  }

  private async stillThere(
    { ended, call, id }: StartedCall,
    kind: 'blocked' | 'queued',
    ms: number | null,
  ): Promise<Verdict> {
    const over = await Promise.race([ended, this.patience.pause(ms ?? blockedMs)]);
    if (over) {
      const found = formatOutcome(over, call, 200);
      return judged(t`expected ${kind}, it ended: ${found}`, found, id);
    }
    this.bench.flush();
    const flight = this.bench.state().calls.get(id);
    const is = flight?.startedAt === null ? 'queued' : 'blocked';
    const there = flight && is === kind;
    const unlike = flight ? t`expected ${kind}, it is ${is}` : t`expected ${kind}, it is over`;
    return judged(there || unlike, flight ? is : 'over', id);
  }
}
