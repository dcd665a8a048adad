import type { Call } from '../../core/calls/call.ts';
import { hasIn } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { formatCall } from '../../core/language/line.ts';
import { plural } from '../../core/language/units.ts';
import type { ActorId } from '../../core/model/actors.ts';
import type { EndedEntry, Entry, QueuedEntry, RunningEntry } from '../../core/model/entry.ts';
import { processOfThread } from '../../core/model/process.ts';
import { t } from '../../core/words/translate.ts';

/** A call of the session, put together from its entries. Times in ms since the bench began. */
export type PlannedCall = {
  readonly id: number;
  /** Who makes it; '' where it is made on nobody's socket. */
  readonly actor: ActorId | '';
  readonly call: Call;
  /** '' for a call that acts at once. */
  readonly thread: string;
  readonly queuedAt: number;
  /** Made by a loop, not by a person. */
  readonly looped: boolean;
  /** The rule that answers by it; 0: none. */
  readonly rule: number;
  /** null where it never began. */
  readonly startedAt: number | null;
  /** null where the session ended first. */
  readonly endedAt: number | null;
  readonly outcome: Outcome | null;
  /** Id of the call that ended it, where the journal knows; 0: none. */
  readonly by: number;
  /** The look-ups that it made, each with its outcome. */
  readonly lookups: readonly PlannedCall[];
};

/**
 * What happens when the session is made again: `run` starts a call and waits for its end, `begin` goes on while it is
 * blocked, `ended` waits for one begun before, `interrupt` is Ctrl-C for one. Calls stand in the order of their start.
 */
export type Step = { readonly kind: 'run' | 'begin' | 'ended' | 'interrupt'; readonly call: PlannedCall };

/** The same while it is put together. */
export type Growing = { -readonly [K in keyof PlannedCall]: PlannedCall[K] } & {
  inside: number;
  lookups: PlannedCall[];
};

export type AboutCall = QueuedEntry | RunningEntry | EndedEntry;

export const grown = (entry: AboutCall): Growing => ({
  id: entry.id,
  actor: entry.actor,
  call: entry.call,
  thread: entry.thread,
  queuedAt: entry.queuedAt,
  looped: entry.looped,
  rule: entry.rule ?? 0,
  startedAt: null,
  endedAt: null,
  outcome: null,
  by: 0,
  lookups: [],
  inside: entry.inside,
});

/** File objects and the socket each was made of. */
export const fileSockets = (calls: readonly PlannedCall[]): Map<string, string> => {
  const files = new Map<string, string>();
  for (const { call, outcome } of calls)
    if (hasIn(call, 'returns', 'file') && outcome?.kind === 'made') files.set(outcome.name, call.on);
  return files;
};

const errorOf = ({ outcome }: PlannedCall): string => (outcome?.kind === 'error' ? outcome.code : '');

/** The end of the session closes what is left: a call that this ended has no end of its own. */
export const withoutLastClose = (calls: readonly Growing[]): void => {
  const files = fileSockets(calls);
  const socketOf = ({ call }: PlannedCall) => files.get(call.on) ?? call.on;
  /** When each socket was first closed. */
  const closedAt = new Map<string, number>();
  for (const planned of calls) {
    const { call, queuedAt } = planned;
    if (!hasIn(call, 'ends', 'descriptor') && !hasIn(call, 'ends', 'connection')) continue;
    const socket = socketOf(planned);
    closedAt.set(socket, Math.min(queuedAt, closedAt.get(socket) ?? queuedAt));
  }
  for (const call of calls) {
    const closed = closedAt.get(socketOf(call)) ?? Number.POSITIVE_INFINITY;
    if (errorOf(call) === 'CLOSED' && closed > call.endedAt!)
      Object.assign(call, { endedAt: null, outcome: null });
  }
};

/** Calls in the order of their start, look-ups put into the calls they belong to. */
export const plannedCalls = (entries: Iterable<Entry>): PlannedCall[] => {
  const byId = new Map<number, Growing>();
  const idOfEntry = new Map<number, number>();
  const causes = new Map<Growing, number>();
  for (const entry of entries) {
    if (entry.kind !== 'queued' && entry.kind !== 'running' && entry.kind !== 'ended') continue;
    if (entry.aside) continue;
    const known = byId.get(entry.id) ?? grown(entry);
    byId.set(entry.id, known);
    idOfEntry.set(entry.n, entry.id);
    if (entry.kind === 'queued') continue;
    known.startedAt = entry.startedAt;
    if (entry.kind === 'running') continue;
    known.endedAt = entry.t;
    known.outcome = entry.outcome;
    if (entry.by !== undefined) causes.set(known, entry.by);
  }
  // An accept may be told before the connect that it is linked with.
  for (const [call, n] of causes) call.by = idOfEntry.get(n) ?? 0;
  const calls = [...byId.values()].sort((a, b) => a.id - b.id);
  for (const call of calls) byId.get(call.inside)?.lookups.push(call);
  withoutLastClose(calls);
  return calls.filter(({ inside }) => inside === 0);
};

/** The bench's own calls: what a look sees of a process's call lacks what it sent or received, and cannot be made again. */
export const ownCalls = (calls: readonly PlannedCall[]): PlannedCall[] =>
  calls.filter(({ thread }) => processOfThread(thread) === '');

/** That calls of processes were left out, in a sentence; '' where none were. */
export const leftOutWords = (all: readonly PlannedCall[], kept: number): string => {
  const count = all.length - kept;
  if (count === 0) return '';
  return `${plural(count, 'call')} of processes left out: polls, what came to nothing, what was seen without its bytes.`;
};

/** Characters of payload that a call's title shows. */
const shownPayload = 60;

/** A call as people read it. */
export const titleOf = ({ call }: PlannedCall): string => formatCall(call, shownPayload);

/** Why these calls, of a session whose first entry is `first`, cannot be made again: the journal's caps have taken away calls, or bytes that one sent; null where all is there. */
export const whyNotWhole = (first: number, calls: readonly PlannedCall[]): string | null => {
  if (first > 1)
    return t`the session begins with entry ${first}: the ${first - 1} before it were dropped by the journal's cap, and with them the calls that made its sockets`;
  const bare = calls.find(({ call }) => 'data' in call && call.data.kind === 'dropped');
  if (!bare) return null;
  return processOfThread(bare.thread) === ''
    ? t`the bytes of ${titleOf(bare)} (call ${bare.id}) were dropped by the journal's cap`
    : t`the bytes of ${titleOf(bare)} (call ${bare.id}) are not known: strace shows the first 4096 of a call`;
};

/** Ended by a person's Ctrl-C. */
export const wasInterrupted = (call: PlannedCall): boolean =>
  errorOf(call) === 'INTERRUPTED' && call.startedAt !== null;

/** Taken out of its queue by the person before it began: nothing was called. */
export const wasWithdrawn = (call: PlannedCall): boolean =>
  errorOf(call) === 'INTERRUPTED' && call.startedAt === null;

/** A loop's call in flight when its loop was switched off: it did nothing, and what has no loop never makes it. */
export const endedWithLoop = (call: PlannedCall): boolean => call.looped && errorOf(call) === 'INTERRUPTED';

/** Ended by the bench because the session closed its socket. In CPython close() leaves a call in another thread blocked. */
export const wasClosedUnder = (call: PlannedCall): boolean => errorOf(call) === 'CLOSED';

/** When its own end, not the bench's doing, came; Infinity where it did not. */
const endOf = (call: PlannedCall): number =>
  wasClosedUnder(call) ? Number.POSITIVE_INFINITY : (call.endedAt ?? Number.POSITIVE_INFINITY);

type Begin = { readonly time: number; readonly call: PlannedCall; readonly interrupt: boolean };

/** What the person did, in order: calls made and calls interrupted. */
const begins = (calls: readonly PlannedCall[]): Begin[] =>
  calls
    .flatMap(call => [
      { time: call.queuedAt, call, interrupt: false },
      ...(wasInterrupted(call) ? [{ time: call.endedAt!, call, interrupt: true }] : []),
    ])
    .sort((a, b) => a.time - b.time);

/**
 * The session's steps. A call that was still in flight when the next step began is begun only, and its end is waited for
 * where the session had it.
 */
export const stepsOf = (calls: readonly PlannedCall[]): Step[] => {
  const steps: Step[] = [];
  let flying: PlannedCall[] = [];

  const landUntil = (time: number) => {
    const landed = flying.filter(call => endOf(call) <= time).sort((a, b) => endOf(a) - endOf(b));
    for (const call of landed) steps.push({ kind: 'ended', call });
    flying = flying.filter(call => !landed.includes(call));
  };

  const list = begins(calls.filter(call => !wasWithdrawn(call) && !endedWithLoop(call)));
  for (const [index, { time, call, interrupt }] of list.entries()) {
    landUntil(time);
    const next = list[index + 1]?.time ?? Number.MAX_VALUE;
    if (interrupt) steps.push({ kind: 'interrupt', call });
    else if (endOf(call) <= next && !wasInterrupted(call)) steps.push({ kind: 'run', call });
    else {
      steps.push({ kind: 'begin', call });
      if (!wasInterrupted(call)) flying.push(call);
    }
  }
  landUntil(Number.MAX_VALUE);
  return steps;
};
