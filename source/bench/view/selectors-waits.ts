import { calls } from '../../core/calls/calls.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { BenchState, CallState, SocketState } from '../../core/model/state.ts';
import { threadTitle } from '../../core/model/threads.ts';
import { callLabel, type Reason } from '../../core/model/wait.ts';
import { subjectOf, threadFor } from '../../core/waits/wait-ground.ts';
import { reasonsOf } from '../../core/waits/waits.ts';
import type { KeyWords } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import { personDeed, waitSentence } from '../../core/words/wait-words.ts';
import { callsOn, waitingOn } from './selectors-sockets.ts';

/** Of several that would do the one that is about this socket of the bench. */
const reasonHere = (reason: Reason | undefined, own: string): Reason | undefined =>
  reason?.kind === 'any-of' ? reason.reasons.find(one => 'on' in one && one.on === own) : reason;

/** What frees the program that a call of the bench waits for, where that waits for the bench in its turn; '' where it does not. */
const freedBy = (bench: BenchState, call: CallState, reason: Reason, keys: KeyWords): string => {
  const { actor } = call;
  if (reason.kind !== 'process' || actor === '' || !isProgram(actor)) return '';
  const there = bench.calls.get(reason.through);
  const own = subjectOf(bench, call);
  const next = reasonHere(reasonsOf(bench).get(reason.through), own);
  if (!there || (next?.kind !== 'person' && next?.kind !== 'socket')) return '';
  const both = calls[call.call.name].moves === 'out' && next.act === 'recv' && reason.act === 'recv';
  const where = both ? t('both directions are full') : t`it is in ${there.call.name}`;
  const { on, act } = next;
  const deed = personDeed(bench, { on, act }, next.kind === 'person' ? keys : null);
  return t`; ${where}: ${deed}`;
};

/** For whom or what a call waits, to follow "waits for"; '' where nothing is known of it. */
export const waitsFor = (bench: BenchState, call: CallState, keys: KeyWords): string => {
  const reason = reasonsOf(bench).get(call.id);
  return reason ? `${waitSentence(bench, reason, keys)}${freedBy(bench, call, reason, keys)}` : '';
};

/** What a listener asks for while clients wait and no accept is in flight; '' otherwise. */
export const waitsForAccept = (bench: BenchState, listener: SocketState, keys: KeyWords): string => {
  const waiting = waitingOn(bench, listener)?.count ?? 0;
  if (waiting === 0 || callsOn(bench, listener.name).some(({ call }) => calls[call.name].waits === 'client'))
    return '';
  const { name, actor, again } = listener;
  if (!isProgram(actor)) return '';
  const thread = threadFor(name, actor, 'accept', bench.programs[actor].policy);
  for (const call of bench.calls.values()) {
    if (call.thread === thread && call.startedAt !== null)
      return t`${threadTitle(thread)}, in ${callLabel(call)}`;
  }
  const accept = { on: name, act: 'accept' } as const;
  if (again) return waitSentence(bench, { kind: 'behaviour', ...accept, at: again.at }, keys);
  return waitSentence(bench, { kind: 'person', ...accept }, keys);
};
