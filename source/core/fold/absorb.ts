import { calls } from '../calls/calls.ts';
import type { Entry } from '../model/entry.ts';
import type { Journal } from '../model/journal.ts';
import type { BenchState } from '../model/state.ts';
import { fold } from './fold.ts';

/**
 * Node often tells of the accept before it tells of the connect behind it: the accept is linked afterwards. It is the
 * only link that leads on in time, so it leads to nothing that has a cause itself: no chain of causes comes back.
 */
const linkAccept = (entry: Entry, state: BenchState, at: Journal['at']): void => {
  if (entry.kind !== 'ended' || calls[entry.call.name].waits !== 'handshake' || entry.outcome.kind !== 'none')
    return;
  if (entry.by !== undefined) return;
  const twin = state.sockets.get(state.sockets.get(entry.call.on)?.twin ?? '');
  const accept = at(twin?.connectEntry ?? 0);
  if (accept?.kind !== 'ended' || calls[accept.call.name].waits !== 'client') return;
  accept.by ??= entry.n;
  if (accept.by === entry.n) entry.wakes = accept.n;
};

/** Links an entry, folded before, with those that it caused and that caused it, as far as `at` still has them. */
export const linkEntry = (entry: Entry, state: BenchState, at: Journal['at']): void => {
  linkAccept(entry, state, at);
  const cause = entry.by === undefined ? undefined : at(entry.by);
  if (cause) cause.wakes ??= entry.n;
};

/** The state after these entries, which join the journal and are linked with what caused them. */
export const absorb = (state: BenchState, entries: readonly Entry[], journal: Journal): BenchState => {
  const next = fold(state, entries);
  for (const entry of entries) {
    journal.append(entry);
    linkEntry(entry, next, journal.at);
  }
  return next;
};
