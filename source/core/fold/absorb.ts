import { calls } from '../calls/calls.ts';
import type { Entry, Linked } from '../model/entry.ts';
import type { LiveJournal } from '../model/journal.ts';
import type { BenchState } from '../model/state.ts';
import { fold } from './fold.ts';

/** What entries are linked with, by their numbers, as far as it is still held. */
export type Links = {
  readonly at: (n: number) => Linked | undefined;
  /** Whether the entry is the end of an accept. */
  readonly isAccept: (n: number) => boolean;
};

export const endsAccept = (entry: Entry | undefined): boolean =>
  entry?.kind === 'ended' && calls[entry.call.name].waits === 'client';

/**
 * Node often tells of the accept before it tells of the connect behind it: the accept is linked afterwards. It is the
 * only link that leads on in time, so it leads to nothing that has a cause itself: no chain of causes comes back.
 */
const linkAccept = (entry: Entry, state: BenchState, { at, isAccept }: Links): void => {
  // Most end with an amount or with bytes.
  if (entry.kind !== 'ended' || entry.outcome.kind !== 'none') return;
  if (calls[entry.call.name].waits !== 'handshake') return;
  const own = at(entry.n);
  if (!own || own.by !== undefined) return;
  const twin = state.sockets.get(state.sockets.get(entry.call.on)?.twin ?? '');
  const n = twin?.connectEntry ?? 0;
  const accept = isAccept(n) ? at(n) : undefined;
  if (!accept) return;
  accept.by ??= entry.n;
  if (accept.by === entry.n) own.wakes = n;
};

/** Links an entry, folded before, with those that it caused and that caused it, as far as `links` still has them. */
export const linkEntry = (entry: Entry, state: BenchState, links: Links): void => {
  linkAccept(entry, state, links);
  const cause = entry.by === undefined ? undefined : links.at(entry.by);
  if (cause) cause.wakes ??= entry.n;
};

/** Links that stand in the entries themselves. */
export const linksIn = (at: (n: number) => Entry | undefined): Links => ({
  at,
  isAccept: n => endsAccept(at(n)),
});

/** The state after these entries, which join the journal and are linked with what caused them. */
export const absorb = (state: BenchState, entries: readonly Entry[], journal: LiveJournal): BenchState => {
  const next = fold(state, entries);
  const links: Links = { at: journal.linksAt, isAccept: n => endsAccept(journal.at(n)) };
  for (const entry of entries) {
    journal.append(entry);
    linkEntry(entry, next, links);
  }
  return next;
};
