import type { Endpoint } from '../addresses/endpoint.ts';
import type { Call, CallName } from '../calls/call.ts';
import type { Notice } from '../calls/driver.ts';
import type { Outcome } from '../calls/outcome.ts';
import type { ActorId, LoopName, Program } from './actors.ts';
import type { Afterwards } from './afterwards.ts';
import type { FaultDeed, Faults } from './faults.ts';
import type { Finding } from './finding.ts';
import type { Family, Policy, SinkName, SocketCondition, SocketType } from './names.ts';
import type { Looked, Need } from './need.ts';
import type { Sample } from './observer.ts';
import type { Holder, ProcessId, ProcessOrigin, ThreadState } from './process.ts';
import type { RelayTarget } from './relay-target.ts';
import type { Repeat, RepeatOver } from './repeat-plan.ts';
import type { Rule, RuleMove } from './rule.ts';

import type { BenchState } from './state.ts';

/**
 * What every entry has. `n` counts from 1 without gaps. `t` is milliseconds since the bench began, stamped on
 * arrival. `prev` is the entry before it on the same socket (0: none), so that a socket's history can be
 * walked back without an index. `by` is the entry that caused this one, only where both ends are this bench's; `wakes` is the way back.
 */
type Stamp = { n: number; readonly t: number; prev: number; by?: number; wakes?: number };

/** What is found out about an entry afterwards. */
export type Linked = Pick<Stamp, 'by' | 'wakes'>;

type AboutCall = {
  /** The call's id, from 1, in the order of perform(). */
  readonly id: number;
  /** Who makes it, and has what it makes; '' where it is made on nobody's socket. */
  readonly actor: ActorId | '';
  call: Call;
  /** '' for a call that needs no thread. */
  readonly thread: string;
  readonly queuedAt: number;
  /** The call that this one is a part of (getaddrinfo inside connect); 0: none. */
  readonly inside: number;
  /** Made by a loop, not by the person. */
  readonly looped: boolean;
  /** The number of the rule that answers by it. */
  rule?: number;
  /** Which send of a repeat it is, from 1. */
  repeat?: number;
  /** By a process that the bench looks at for its own sockets' sake: panes show it, the log does not. */
  readonly aside?: true;
};

/** By what a behaviour makes a call, for its entry. */
export type Mark = Pick<AboutCall, 'rule' | 'repeat'>;

/** What is marked of it, and nothing else. */
export const markOf = ({ rule, repeat }: Mark): Mark => ({
  ...(rule !== undefined && { rule }),
  ...(repeat !== undefined && { repeat }),
});

/** A call seen waiting for its thread, or for the disk that a recording is written to. */
export type QueuedEntry = Stamp & AboutCall & { readonly kind: 'queued'; readonly why?: SinkName };

/** `deadline` in ms since the bench began; null: none. `again`: it was told before, and its deadline has moved. */
type Flying = { readonly startedAt: number; readonly deadline: number | null; readonly again?: true };

/** A call seen in flight: strace's `<unfinished ...>`. */
export type RunningEntry = Stamp & AboutCall & Flying & { readonly kind: 'running' };

/**
 * A call that ended; whole in itself, whether or not it was seen running before. `startedAt` is null where it
 * was cancelled in its queue. `seen` says that a queued or running entry came before: `<... resumed>`.
 */
export type EndedEntry = Stamp &
  AboutCall & {
    readonly kind: 'ended';
    readonly startedAt: number | null;
    outcome: Outcome;
    readonly seen: boolean;
    /** Of a socket that a relay makes: the other end of its pair. */
    mate?: string;
    /** Of a socket that a relay of datagrams makes: whose datagrams go by it. */
    sender?: Endpoint;
    afterwards?: Afterwards;
  };

/**
 * Samples of the sockets that changed since the last look, and how far calls in flight have got. `readAt` is when
 * the look began (ms since the bench began): what happened after it may be missing. A look that found no news
 * is told too where it is the first after a change: it says that what was seen before still holds.
 */
export type SampleEntry = Stamp & {
  readonly kind: 'sample';
  readonly source: 'kernel' | 'application';
  readonly readAt: number;
  readonly sockets: readonly Sample[];
  readonly taken: readonly { readonly id: number; readonly bytes: number }[];
};

/** A process is known from now on, or runs another program (`executed`). */
export type ProcessEntry = Stamp & {
  readonly kind: 'process';
  readonly actor: ProcessId;
  readonly pid: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly parent: ProcessId | '';
  readonly origin: ProcessOrigin;
  readonly traced: boolean;
  readonly aside?: true;
};

/** A process is no more. Null and '' where it was only found gone. */
export type GoneEntry = Stamp & {
  readonly kind: 'gone';
  readonly actor: ProcessId;
  readonly code: number | null;
  readonly signal: string;
};

/** What threads of processes are about, where that changed, and which there are no more. */
export type ThreadsEntry = Stamp & {
  readonly kind: 'threads';
  readonly threads: readonly ThreadState[];
  readonly over: readonly string[];
};

/** A socket of processes as a look found it, for the first time or otherwise than before. No `holders`: it is gone. */
export type SocketEntry = Stamp & {
  readonly kind: 'socket';
  readonly name: string;
  readonly actor: ProcessId;
  /** The kernel's number for it. */
  readonly inode: number;
  readonly family: Family;
  readonly type: SocketType;
  readonly condition: SocketCondition;
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  /** The listener it stems from, '' where that is not known. */
  readonly listener: string;
  readonly holders: readonly Holder[];
  readonly aside?: true;
};

/** For what calls of processes wait, where that changed or was looked at again: any one of a call's needs ends it. `looked`: of peers alone. */
export type WaitsEntry = Stamp & {
  readonly kind: 'waits';
  readonly calls: readonly {
    readonly id: number;
    readonly needs: readonly Need[];
    readonly looked?: Looked;
  }[];
};

/** What a program that was started here has printed, by its name and number then; older files have neither. */
export type OutputEntry = Stamp & {
  readonly kind: 'output';
  readonly actor: ProcessId;
  readonly name?: string;
  readonly pid?: number;
  readonly stream: 'out' | 'err';
  readonly data: Uint8Array;
};

/** The person turned a program's loop on or off. */
export type LoopEntry = Stamp & {
  readonly kind: 'loop';
  readonly program: Program;
  readonly loop: LoopName;
  readonly on: boolean;
};

/** A rule is there, is off, is another in the same place, stands elsewhere, or is no more. */
export type RuleEntry = Stamp & {
  readonly kind: 'rule';
  readonly number: number;
  readonly socket: string;
  readonly rule: Rule;
  readonly now: 'on' | 'off' | 'gone';
  /** It has changed places with the rule of its socket that stood there. */
  readonly moved?: RuleMove;
};

/** What is accepted from a listener is passed on to there from now on; null: to nowhere any more. */
export type RelayEntry = Stamp & {
  readonly kind: 'relay';
  readonly socket: string;
  readonly target: RelayTarget | null;
};

/** What a socket sends again and again from now on; null: nothing any more, and `over` says what it came to. */
export type RepeatEntry = Stamp & {
  readonly kind: 'repeat';
  readonly socket: string;
  readonly repeat: Repeat | null;
  readonly over?: RepeatOver;
};

/** What goes wrong on a socket from now on, in place of what did; nothing: no more. */
export type FaultsEntry = Stamp & {
  readonly kind: 'faults';
  readonly socket: string;
  readonly faults: Faults;
};

/** What a fault has done with what a behaviour sends: `held`, the call `next` is made from `until` on. */
export type FaultEntry = Stamp & {
  readonly kind: 'fault';
  readonly socket: string;
  readonly did: FaultDeed;
  readonly bytes: number;
  readonly until?: number;
  readonly next?: CallName;
};

export type Entry =
  | QueuedEntry
  | RunningEntry
  | EndedEntry
  | SampleEntry
  | ProcessEntry
  | GoneEntry
  | ThreadsEntry
  | SocketEntry
  | WaitsEntry
  | OutputEntry
  | LoopEntry
  | RuleEntry
  | RelayEntry
  | RepeatEntry
  | FaultsEntry
  | FaultEntry
  | (Stamp & { readonly kind: 'policy'; readonly program: Program; readonly policy: Policy })
  /** `again`: it was told before, and only its figures are new. */
  | (Stamp & {
      readonly kind: 'finding';
      readonly finding: Finding;
      readonly on: boolean;
      readonly again?: true;
    })
  /** Something the kernel did without a call: bytes that left late. */
  | (Stamp & Notice & { readonly kind: 'event' })
  | (Stamp & { readonly kind: 'note'; readonly level: 'info' | 'warning'; readonly text: string })
  | (Stamp & { readonly kind: 'checkpoint'; readonly state: BenchState });

/**
 * What a person is told line by line: what looks find again and again, what the bench's peers do, checkpoints, findings and calls
 * told before are for machines.
 */
export const isTold = (entry: Entry): boolean => {
  switch (entry.kind) {
    case 'sample':
    case 'threads':
    case 'waits':
    case 'checkpoint':
      return false;
    case 'finding':
      return !entry.again;
    case 'running':
      return !entry.again && !entry.aside;
    case 'queued':
    case 'ended':
    case 'socket':
      return !entry.aside;
    default:
      return true;
  }
};

/** An entry on its way into the journal: what flush has yet to fill in is left out. */
export type Draft = Entry extends infer E
  ? E extends Entry
    ? Omit<E, 'n' | 'prev' | 'by' | 'wakes'>
    : never
  : never;

/** The socket an entry is about, '' where it is about none or several. */
export const socketOf = (entry: Entry): string => {
  switch (entry.kind) {
    case 'queued':
    case 'running':
    case 'ended':
      return entry.call.on;
    case 'event':
      return entry.socket;
    case 'socket':
      return entry.name;
    case 'rule':
    case 'relay':
    case 'repeat':
    case 'faults':
    case 'fault':
      return entry.socket;
    case 'finding':
      return entry.finding.sockets[0] ?? '';
    default:
      return '';
  }
};
