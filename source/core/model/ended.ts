import type { Endpoint } from '../addresses/endpoint.ts';
import type { Call } from '../calls/call.ts';
import type { Outcome } from '../calls/outcome.ts';
import type { Afterwards } from './afterwards.ts';
import type { EndedEntry } from './entry.ts';

/** What every call that has ended has. */
export type EndedFacts = Pick<
  EndedEntry,
  'id' | 'actor' | 'call' | 'thread' | 'queuedAt' | 'inside' | 'looped' | 'startedAt'
>;

/**
 * The entry of a call that has ended. A class, since one is made for every call: V8 copies a literal from what the first of its
 * kind was like, and where later ones had other numbers it makes each copy anew, for a microsecond and more.
 */
export class Ended implements EndedEntry {
  declare readonly kind: 'ended';
  declare n: number;
  declare readonly t: number;
  declare prev: number;
  declare by: number | undefined;
  declare wakes: number | undefined;
  declare readonly id: number;
  declare readonly actor: EndedEntry['actor'];
  declare call: Call;
  declare readonly thread: string;
  declare readonly queuedAt: number;
  declare readonly inside: number;
  declare readonly looped: boolean;
  declare readonly startedAt: number | null;
  declare outcome: Outcome;
  declare readonly seen: boolean;
  declare rule?: number;
  declare repeat?: number;
  declare mate?: string;
  declare sender?: Endpoint;
  declare afterwards?: Afterwards;

  /** `n`: 0 where it has no number yet. `seen`: whether a queued or running entry came before. */
  constructor(n: number, t: number, facts: EndedFacts, outcome: Outcome, seen: boolean) {
    this.kind = 'ended';
    this.n = n;
    this.t = t;
    this.prev = 0;
    // What is added later is kept in an object of its own.
    this.by = undefined;
    this.wakes = undefined;
    this.id = facts.id;
    this.actor = facts.actor;
    this.call = facts.call;
    this.thread = facts.thread;
    this.queuedAt = facts.queuedAt;
    this.inside = facts.inside;
    this.looped = facts.looped;
    this.startedAt = facts.startedAt;
    this.outcome = outcome;
    this.seen = seen;
  }
}
