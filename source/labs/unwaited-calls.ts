import type { Bench } from '../bench/engine/bench.ts';
import { type Call, titleOf } from '../core/calls/call.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import { formatOutcome } from '../core/words/outcome-text.ts';
import { unexpectedError, type Verdict } from './verdict.ts';

/** The line of text that a call comes from, and its row from 1. */
export type Origin = { readonly text: string; readonly row: number };

export type LeftOver = { readonly origin: Origin; readonly verdict: Verdict };

/** A call that a line has started. */
export type StartedCall = {
  readonly call: Call;
  readonly id: number;
  readonly origin: Origin;
  readonly ended: Promise<Outcome>;
  /** Where it has ended. */
  outcome: Outcome | null;
};

/** Calls of one title that were cancelled and may still be waited for. */
const mostCancelled = 100;

/** The calls that lines have started and that no line has waited for yet. */
export class UnwaitedCalls {
  private readonly bench: Bench;
  /** Oldest first. */
  private readonly calls = new Set<StartedCall>();
  /** Those that `cancel` ended, by their titles: a `wait` finds them where no other call of the title is left. */
  private readonly cancelled = new Map<string, StartedCall[]>();

  constructor(bench: Bench) {
    this.bench = bench;
  }

  start(call: Call, origin: Origin): StartedCall {
    const { promise: ended, resolve } = Promise.withResolvers<Outcome>();
    let early: Outcome | null = null;
    let one: StartedCall | null = null;
    const onEnd = (outcome: Outcome) => {
      if (one) one.outcome = outcome;
      else early = outcome;
      resolve(outcome);
    };
    const id = this.bench.perform(call, { onEnd });
    one = { call, id, origin, ended, outcome: early };
    this.calls.add(one);
    return one;
  }

  waitedFor(one: StartedCall): void {
    this.calls.delete(one);
  }

  withId(id: number): StartedCall | undefined {
    return this.find(one => one.id === id);
  }

  /** The oldest of this title, `c1.recv`; of the cancelled ones where there is no other. */
  titled(title: string): StartedCall | undefined {
    return this.find(({ call }) => titleOf(call) === title) ?? this.cancelled.get(title)?.shift();
  }

  keepCancelled(title: string, one: StartedCall): void {
    this.cancelled.set(title, [...(this.cancelled.get(title) ?? []), one].slice(-mostCancelled));
  }

  /** Resolves once all have ended; null where they have already. */
  ends(): Promise<unknown> | null {
    const all = [...this.calls];
    return all.some(({ outcome }) => outcome === null) ? Promise.all(all.map(({ ended }) => ended)) : null;
  }

  /** Lets go of all; those that have ended with an error fail the lines that started them. */
  takeLeftOver(): LeftOver[] {
    const left: LeftOver[] = [];
    for (const { outcome, call, id, origin } of this.calls) {
      if (outcome?.kind !== 'error') continue;
      const verdict = unexpectedError(outcome, formatOutcome(outcome, call, 200), id);
      if (verdict) left.push({ origin, verdict });
    }
    this.calls.clear();
    return left;
  }

  private find(test: (one: StartedCall) => boolean): StartedCall | undefined {
    for (const one of this.calls) if (test(one)) return one;
    return undefined;
  }
}
