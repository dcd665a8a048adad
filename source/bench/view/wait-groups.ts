import type { DeadlockFinding } from '../../core/model/finding.ts';
import { memo } from '../../core/model/memo.ts';
import { type BenchState, type CallState, isAside } from '../../core/model/state.ts';
import type { Reason } from '../../core/model/wait.ts';
import { deadlocksOf } from '../../core/waits/deadlock.ts';
import { deadlockFinding } from '../../core/waits/deadlock-finding.ts';
import { nextInChain, reasonsOf } from '../../core/waits/waits.ts';

/** A call in flight, and how many others it stands behind within its group. */
export type Waiting = { readonly call: CallState; readonly depth: number };

/**
 * Calls that hang together: a deadlock's cycle, or a call that waits for something outside the bench's threads, and
 * behind either those that wait for it. A deadlock of processes is what looks have found.
 */
export type WaitGroup = {
  readonly deadlock: DeadlockFinding | null;
  readonly calls: readonly Waiting[];
};

/** What wants to be seen first: what only the person can end, then what ends by itself, then what idles. */
const urgency = (reason: Reason | undefined): number => {
  switch (reason?.kind) {
    case 'person':
      return 0;
    case 'any':
      return 2;
    default:
      return 1;
  }
};

const followersOf = (bench: BenchState): ReadonlyMap<number, readonly CallState[]> => {
  const followers = new Map<number, CallState[]>();
  for (const [id, reason] of reasonsOf(bench)) {
    const call = bench.calls.get(id);
    const next = nextInChain(reason);
    if (!call || next === 0) continue;
    const group = followers.get(next);
    if (group) group.push(call);
    else followers.set(next, [call]);
  }
  return followers;
};

/** Whether a call of the bench's own hangs on what a peer is in: else that is the peer's own affair. */
const holdsOwn = (
  bench: BenchState,
  followers: ReadonlyMap<number, readonly CallState[]>,
  id: number,
  past: ReadonlySet<number> = new Set(),
): boolean =>
  (followers.get(id) ?? []).some(
    ({ id: other, actor }) =>
      !isAside(bench, actor) ||
      (!past.has(other) && holdsOwn(bench, followers, other, new Set([...past, other]))),
  );

const seenDeadlocks = ({ findings }: BenchState): DeadlockFinding[] =>
  [...findings.values()].flatMap(finding => (finding.name === 'deadlock' && finding.seen ? [finding] : []));

const callsOf = ({ calls }: BenchState, ids: readonly number[]): CallState[] =>
  ids.flatMap(id => calls.get(id) ?? []);

/** The wait-for graph as groups: deadlocks first, oldest first. Linear in the calls in flight; once a state. */
export const waitGroups = memo((bench: BenchState): readonly WaitGroup[] => {
  const reasons = reasonsOf(bench);
  const followers = followersOf(bench);
  const told = new Set<number>();
  const behind = (call: CallState, depth: number, into: Waiting[]): void => {
    for (const follower of followers.get(call.id) ?? []) {
      if (told.has(follower.id)) continue;
      told.add(follower.id);
      into.push({ call: follower, depth });
      behind(follower, depth + 1, into);
    }
  };
  const grouped = (deadlock: DeadlockFinding | null, roots: readonly CallState[]): WaitGroup => {
    for (const { id } of roots) told.add(id);
    const calls = roots.map((call): Waiting => ({ call, depth: 0 }));
    for (const root of roots) behind(root, 1, calls);
    return { deadlock, calls };
  };
  const seen = seenDeadlocks(bench).map(found => grouped(found, callsOf(bench, found.calls)));
  const stuck = deadlocksOf(bench).map(deadlock => grouped(deadlockFinding(bench, deadlock), deadlock.calls));
  const concerns = ({ id, inside, actor }: CallState): boolean =>
    inside === 0 && !told.has(id) && (!isAside(bench, actor) || holdsOwn(bench, followers, id));
  const roots = [...bench.calls.values()].filter(
    call => nextInChain(reasons.get(call.id)) === 0 && concerns(call),
  );
  // Calls of processes that wait for each other, and of which no look has concluded anything yet.
  const left = () => [...bench.calls.values()].filter(concerns);
  const rank = (call: CallState) => urgency(reasons.get(call.id)) + (call.looped ? 3 : 0);
  const plain = roots.sort((a, b) => rank(a) - rank(b)).map(call => grouped(null, [call]));
  const groups = [...seen, ...stuck, ...plain];
  for (let [call] = left(); call; [call] = left()) groups.push(grouped(null, [call]));
  return groups;
});

/** Every call of the graph in the order it is shown. */
export const waitingCalls = memo((bench: BenchState): readonly CallState[] =>
  waitGroups(bench).flatMap(({ calls }) => calls.map(({ call }) => call)),
);

/** The call of this id, or the first where it has ended; undefined where nothing is in flight. */
export const chosenWaiting = (bench: BenchState, id: number): CallState | undefined => {
  const calls = waitingCalls(bench);
  return calls.find(call => call.id === id) ?? calls[0];
};
