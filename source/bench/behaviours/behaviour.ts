import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { LoopName } from '../../core/model/actors.ts';
import type { Afterwards } from '../../core/model/afterwards.ts';
import type { Policy } from '../../core/model/names.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import type { Repeat, RepeatCount, RepeatOver } from '../../core/model/repeat-plan.ts';
import type { RuleState } from '../../core/model/rule.ts';
import type { LiveSocket } from '../engine/registry.ts';
import type { Heard } from './rule-match.ts';

/** The program and the socket a behaviour acts for, as the person has set them by now. */
export type Around = {
  readonly on: (loop: LoopName) => boolean;
  readonly policy: () => Policy;
  /** By which its socket answers, in the order in which they are tried. */
  readonly rules: () => readonly RuleState[];
  /** Where what comes to it is passed on to; null: nowhere. */
  readonly target: () => RelayTarget | null;
  /** Where its listener stands; null where that is not known. */
  readonly local: () => Endpoint | null;
  /** How far the other direction of its pair is: it flows, it ends the pair, or it is over. */
  readonly mate: (mate: string) => 'flows' | 'ends' | 'over';
  /** When a relay of datagrams last sent something on by this socket, in ms since the bench began; null where it no longer does. */
  readonly sentTo: (hub: string, mate: string) => number | null;
  /** What it sends again and again; null: nothing. */
  readonly repeat: () => Repeat | null;
  /** Ms since the bench began. */
  readonly now: () => number;
};

/** The behaviours: those that a person switches, a program at a time, what a relay does with a connection or with datagrams, and what a socket repeats. */
export type BehaviourName = LoopName | 'relay' | 'relay-datagrams' | 'repeat';

/** What a repeat remembers. `since`: when its first send was made, in ms since the bench began. */
export type RepeatMemory = Repeat & RepeatCount & { readonly since: number };

/**
 * What a relay remembers of a pair.
 *
 * - `mate`: the other end; '' while there is none
 * - `addresses`: the target's, the one that is tried first
 * - `rest`: what is to be done after the call in flight
 */
export type PairMemory = {
  readonly target: RelayTarget;
  readonly mate: string;
  readonly addresses: readonly Endpoint[];
  readonly rest: readonly Call[];
};

/** By which socket a relay of datagrams passes on what a sender sends. `at`: when it last did, in ms since the bench began. */
export type Route = { readonly from: Endpoint; readonly mate: string; readonly at: number };

/**
 * What a relay of datagrams remembers.
 *
 * - `routes`: by the sender's address; the one that sent last stands last
 * - `waiting`: the first datagram of a sender that has no socket yet
 * - `addresses`: the target's that are still to be tried; `mate`: the socket that tries the first of them
 */
export type HubMemory = {
  readonly target: RelayTarget;
  readonly routes: ReadonlyMap<string, Route>;
  readonly waiting: { readonly from: Endpoint; readonly data: Uint8Array } | null;
  readonly addresses: readonly Endpoint[];
  readonly mate: string;
};

/** What it remembers of a sender's socket: the one that what comes back leaves by, and for whom. */
export type SpokeMemory = { readonly hub: string; readonly from: Endpoint };

/**
 * What a behaviour is begun on. `taken`: an accept loop took it; `served`: its server does nothing else until it ends.
 * `fresh`: no behaviour was begun on it before.
 */
export type Subject = Pick<LiveSocket, 'name' | 'family' | 'type'> & {
  readonly origin: 'taken' | 'served' | '';
  readonly fresh: boolean;
};

/** A call to come, so many ms after what came before it, by a rule. */
export type Step = { readonly call: Call; readonly after: number; readonly rule: number };

/**
 * What a behaviour remembers from one call to the next, in plain data.
 *
 * - `call`: the one in flight; `home`: the one that it comes back to
 * - `step`: the call is a rule's
 * - `todo`: what the rules still have to do
 * - `heard`: bytes of the stream since a rule fitted last
 * - `over`: how the receiving has ended for good: once all is done, nothing is received
 */
export type Memory = {
  readonly call: Call;
  readonly home: Call;
  readonly origin: Subject['origin'];
  readonly step?: Step | undefined;
  readonly todo?: readonly Step[] | undefined;
  readonly heard?: Heard | undefined;
  readonly over?: Outcome | undefined;
  readonly pair?: PairMemory | undefined;
  readonly hub?: HubMemory | undefined;
  readonly spoke?: SpokeMemory | undefined;
  readonly repeat?: RepeatMemory | undefined;
};

/**
 * What comes next.
 *
 * - `again`: the same call, and nothing new to remember
 * - `make`: another call, whose end the behaviour is told in turn; a rule's after the ms that it waits; `at`: from then on,
 *   in ms since the bench began, or at once where that is over
 * - `pair`: the same, and the other direction begins too, as `mate` says
 * - `pause`: the same call after so many ms
 * - `serve`: nothing until the socket that was accepted is closed, then the same call
 * - `end`: nothing more, until the person or another call begins it anew; `over`: what a repeat came to
 */
export type Next =
  | { readonly kind: 'again' }
  | { readonly kind: 'make'; readonly memory: Memory; readonly says?: Afterwards; readonly at?: number }
  | { readonly kind: 'pair'; readonly memory: Memory; readonly mate: Memory }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'serve'; readonly socket: string }
  | { readonly kind: 'end'; readonly over?: RepeatOver };

/** A row of the table: pure, so that it is tested as a playbook, without a bench. */
export type Behaviour = {
  /** Its first call. */
  readonly begin: (subject: Subject, around: Around) => Next;
  /** What comes after the call that it remembers has ended so. */
  readonly after: (outcome: Outcome, memory: Memory, around: Around) => Next;
};

/** What the journal keeps of it: why the same call does not follow at once. */
export const afterwardsOf = (next: Next, now: () => number): Afterwards | undefined => {
  switch (next.kind) {
    case 'pause':
      return { kind: 'pause', until: now() + next.ms };
    case 'serve':
      return { kind: 'serve' };
    case 'make': {
      const { step } = next.memory;
      if (!step) return next.says;
      const { rule, call, after } = step;
      return { kind: 'answer', rule, call: call.name, ...(after > 0 && { until: now() + after }) };
    }
    case 'again':
    case 'pair':
    case 'end':
      return undefined;
  }
};
