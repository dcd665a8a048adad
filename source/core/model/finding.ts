import type { Endpoint, InetEndpoint } from '../addresses/endpoint.ts';
import type { CallRef } from '../calls/call-ref.ts';
import type { Doubt, ProcessId, ThreadDoing } from './process.ts';
import type { Remedy } from './remedy.ts';
import type { Reason } from './wait.ts';

/** What the bench concludes from what it sees. */
export const findingNames = [
  'deadlock',
  'backlog-full',
  'zero-window',
  'datagrams-lost',
  'every-interface',
  'descriptors',
  'recording',
] as const;

export type FindingName = (typeof findingNames)[number];

/** A wait for other calls of the bench, or for processes: the only kinds that hold a deadlock. */
export type Held = Extract<Reason, { kind: 'socket' | 'inside' | 'process' }>;

/**
 * A deadlock of processes, by the rule of the looks at them, not concluded from a state.
 *
 * - `certain`: nobody can end it but its first deadline, where it has one; else some of `mayEnd` could, and why
 * - `threads` in the order of waiting, those among them that wait for a lock alone too; `processes`: who they are
 */
export type SeenDeadlock = {
  readonly certain: boolean;
  readonly threads: readonly string[];
  readonly processes: readonly { readonly actor: ProcessId; readonly pid: number; readonly name: string }[];
  readonly mayEnd: readonly { readonly thread: string; readonly why: Doubt | ThreadDoing | 'deadline' }[];
};

/**
 * Bytes that the kernel holds between two ends, the sender's unsent and the receiver's unread: `there` to the other end,
 * `back` from it. Of a peer outside the bench only this side's are known.
 */
export type Queued =
  | {
      readonly kind: 'twin';
      readonly socket: string;
      readonly twin: string;
      readonly there: number;
      readonly back: number;
    }
  | { readonly kind: 'peer'; readonly socket: string; readonly peer: Endpoint; readonly there: number };

/**
 * Calls in flight that wait for each other.
 *
 * - `calls`: ids in the order of waiting; `waits`: the same calls, each with what it waits for
 * - `queued`: of each connection of the cycle; none where no kernel tells
 * - `remedies`: what would end it; `until`: when the first of its deadlines does, ms since the bench began, or null
 * - `behind`: the first few of the calls that only wait for it, and how many they are
 */
export type DeadlockFinding = {
  readonly name: 'deadlock';
  readonly calls: readonly number[];
  readonly waits: readonly { readonly call: CallRef; readonly reason: Held }[];
  readonly queued: readonly Queued[];
  readonly remedies: readonly Remedy[];
  readonly until: number | null;
  readonly behind: { readonly first: readonly CallRef[]; readonly count: number };
  readonly seen?: SeenDeadlock;
};

/** Whether a call of the bench's own is in it, which a person can end. */
export const isBrokenHere = ({ remedies }: DeadlockFinding): boolean =>
  remedies.some(({ kind }) => kind === 'cancel');

/** What was found. Each is about `sockets`, and no words are in it: those are made where it is shown. */
type Found =
  | DeadlockFinding
  /** So many connections wait to be accepted, where `listen` was given so much. */
  | { readonly name: 'backlog-full'; readonly waiting: number; readonly backlog: number }
  /**
   * `twin`: the bench's socket that has no room, '' where it is outside. `bytes` wait to be sent. `behind`: the twin is a
   * relay's, and what it has no room for is to leave by this one, which has none either.
   */
  | {
      readonly name: 'zero-window';
      readonly twin: string;
      readonly bytes: number;
      readonly behind?: string;
    }
  | { readonly name: 'datagrams-lost'; readonly count: number }
  | { readonly name: 'every-interface'; readonly local: InetEndpoint }
  | { readonly name: 'descriptors'; readonly open: number; readonly limit: number }
  /** `begun`: it ends here, else nothing was recorded at all. `trouble`: what the system says of the file. */
  | { readonly name: 'recording'; readonly begun: boolean; readonly trouble: string }
  /** Of a session file of version 1, which kept the words of a finding: what could not be concluded again from them. */
  | {
      readonly name: 'worded';
      readonly was: FindingName;
      readonly calls: readonly number[];
      readonly words: string;
      readonly until: number | null;
    };

/** `key` identifies it while it lasts, so that the same key with `on: false` clears it. */
export type Finding = Found & { readonly key: string; readonly sockets: readonly string[] };

export const findingName = (finding: Finding): FindingName =>
  finding.name === 'worded' ? finding.was : finding.name;

const noCalls: readonly number[] = [];

/** Ids of the calls in flight that it is about. */
export const findingCalls = (finding: Finding): readonly number[] =>
  'calls' in finding ? finding.calls : noCalls;

/** When a deadline will end it, in ms since the bench began, or null. */
export const findingUntil = (finding: Finding): number | null => ('until' in finding ? finding.until : null);

/** Calls that wait for each other, and nothing that may still end it. */
export const isDeadlock = (finding: Finding): boolean =>
  finding.name === 'deadlock' && finding.seen?.certain !== false;

/** Whether of what was told before only figures are new: it ends at the same time, and is as certain. */
export const isSaidAgain = (before: Finding | undefined, now: Finding): boolean =>
  before !== undefined &&
  findingUntil(before) === findingUntil(now) &&
  isDeadlock(before) === isDeadlock(now);
