import type { Entry } from './entry.ts';
import { fold } from './fold.ts';
import type { Journal } from './journal.ts';
import type { BenchState } from './state.ts';

/** Node often tells of the accept before it tells of the connect behind it: the accept is linked afterwards. */
const linkAccept = (entry: Entry, state: BenchState, journal: Journal): void => {
  if (entry.kind !== 'ended' || entry.call.name !== 'connect' || entry.outcome.kind !== 'none') return;
  const twin = state.sockets.get(state.sockets.get(entry.call.on)?.twin ?? '');
  const accept = journal.at(twin?.connectEntry ?? 0);
  if (accept?.kind !== 'ended' || accept.call.name !== 'accept') return;
  accept.by ??= entry.n;
  if (accept.by === entry.n) entry.wakes = accept.n;
};

/** The state after these entries, which join the journal and are linked with what caused them. */
export const absorb = (state: BenchState, entries: readonly Entry[], journal: Journal): BenchState => {
  const next = fold(state, entries);
  for (const entry of entries) {
    journal.append(entry);
    linkAccept(entry, next, journal);
    const cause = entry.by === undefined ? undefined : journal.at(entry.by);
    if (cause) cause.wakes ??= entry.n;
  }
  return next;
};
