import type { Bench } from '../bench/engine/bench.ts';
import { formatCall } from '../core/language/line.ts';
import type { BenchState, CallState } from '../core/model/state.ts';
import { callLabel } from '../core/model/wait.ts';
import { reasonsOf } from '../core/waits/waits.ts';
import { t } from '../core/words/translate.ts';
import { waitSentence } from '../core/words/wait-words.ts';

const waitsFor = (state: BenchState, { id }: CallState): string => {
  const reason = reasonsOf(state).get(id);
  return reason ? t`, waiting for ${waitSentence(state, reason, null)}` : '';
};

const stateOf = (state: BenchState, call: CallState): string =>
  `${call.startedAt === null ? 'queued' : 'blocked'}${waitsFor(state, call)}`;

/** `in flight: c1.recv blocked, waiting for a1 to send`: for whom the bench's calls wait. */
export const callsInFlight = (bench: Bench): string => {
  bench.flush();
  const state = bench.state();
  const calls = [...state.calls.values()].map(call => `${callLabel(call)} ${stateOf(state, call)}`);
  return calls.length === 0 ? t('no call was in flight') : t`in flight: ${calls.join('; ')}`;
};

/** The newest call in flight with its arguments, and for whom it waits: what a line that does not end is in. */
export const callItself = (bench: Bench): string => {
  bench.flush();
  const state = bench.state();
  const call = [...state.calls.values()].filter(({ inside }) => inside === 0).at(-1);
  return call ? t`${formatCall(call.call, 60)} was ${stateOf(state, call)}` : t('no call was in flight');
};
