import { calls } from '../calls/calls.ts';
import type { EndedBy } from '../model/remedy.ts';
import type { BenchState, CallState } from '../model/state.ts';
import { stuckIn } from './waits.ts';

/** What ends a call by itself, and when, in ms since the bench began: its timeout, or the last of a connect's SYNs. */
export type DeadlockEnd = {
  readonly call: CallState;
  readonly at: number;
  readonly by: EndedBy;
};

/**
 * Calls in flight that wait for each other: every thread of the bench that could end one of them is inside another.
 *
 * - `calls`: in the order of waiting, the oldest first. A call can wait for itself, where one thread would have to be
 *   at both ends
 * - `behind`: calls that wait for nothing but this deadlock
 * - `end`: the first of the calls' deadlines. Each waits for each, so that all can go on once one has ended. Null
 *   where there is none
 */
export type Deadlock = {
  readonly calls: readonly CallState[];
  readonly behind: readonly CallState[];
  readonly end: DeadlockEnd | null;
};

/**
 * How long Linux repeats a connect's SYN before it ends with ETIMEDOUT, in ms, at the least: 6 times, after 1, 2, 4 ...
 * seconds (tcp(7), tcp_syn_retries). With tcp_syn_linear_timeouts it is 4 s more.
 */
const synRetriesMs = 127_000;

const endOf = (call: CallState): DeadlockEnd | null => {
  const timeout = call.deadline ?? Number.POSITIVE_INFINITY;
  const retries =
    calls[call.call.name].waits === 'handshake'
      ? (call.startedAt ?? 0) + synRetriesMs
      : Number.POSITIVE_INFINITY;
  if (retries < timeout) return { call, at: retries, by: 'SYN' };
  return call.deadline === null ? null : { call, at: call.deadline, by: 'timeout' };
};

export const firstEnd = (calls: readonly CallState[]): DeadlockEnd | null => {
  let first: DeadlockEnd | null = null;
  for (const call of calls) {
    const end = endOf(call);
    if (end && (!first || end.at < first.at)) first = end;
  }
  return first;
};

/** The deadlocks of a state, oldest first. Linear in the calls in flight. */
export const deadlocksOf = (state: BenchState): Deadlock[] => {
  const { cycles, behind } = stuckIn(state);
  const waiting = new Map(cycles.map(cycle => [cycle, [] as CallState[]]));
  for (const [id, cycle] of behind) waiting.get(cycle)!.push(state.calls.get(id)!);
  const found = [...waiting].map(([cycle, others]): Deadlock => {
    const calls = cycle.map(id => state.calls.get(id)!);
    return { calls, behind: others, end: firstEnd(calls) };
  });
  return found.sort((a, b) => a.calls[0]!.id - b.calls[0]!.id);
};
