import type { Claim, CountProperty } from '../core/language/expectation.ts';
import type { Journal } from '../core/model/journal.ts';
import type { BenchState, SocketState } from '../core/model/state.ts';

const kernelCounts: ReadonlySet<CountProperty> = new Set([
  'accept-q',
  'rcv-q',
  'snd-q',
  'drops',
  'retransmits',
]);

/** Whether a claim is about what only the kernel knows. */
export const isKernels = (claim: Claim): boolean =>
  (claim.kind === 'count' && kernelCounts.has(claim.property)) ||
  (claim.kind === 'word' && claim.property === 'timer');

/** When the newest call began, ended or was queued; what the kernel was asked before that may be out of date. */
const lastChange = (journal: Journal): number => {
  for (let n = journal.last(); n >= journal.first(); n--) {
    const entry = journal.at(n);
    if (entry?.kind === 'ended' || entry?.kind === 'queued') return entry.t;
    if (entry?.kind === 'running' && !entry.again) return entry.t;
  }
  return -1;
};

const isAsked = (socket: SocketState | undefined): boolean =>
  socket !== undefined && !socket.closed && (socket.local !== null || socket.peer !== null);

/** Whether the kernel is asked about what a claim says: of its socket, or for a finding of any. */
const isAskedFor = (claim: Claim, state: BenchState): boolean => {
  if (claim.kind === 'finding') return [...state.sockets.values()].some(isAsked);
  const isState = claim.kind === 'word' && claim.property === 'state';
  return 'socket' in claim && (isKernels(claim) || isState) && isAsked(state.sockets.get(claim.socket));
};

/** Whether the kernel has been asked since the last call, where a claim is about something that it is asked for. */
export const isFresh = (claim: Claim, state: BenchState, journal: Journal): boolean =>
  !isAskedFor(claim, state) || state.lookedAt >= lastChange(journal);

/** Whether this system tells nothing of its queues: the newest look found only what the application knows. */
export const isBlind = (journal: Journal): boolean => {
  for (let n = journal.last(); n >= journal.first(); n--) {
    const entry = journal.at(n);
    if (entry?.kind === 'sample') return entry.source === 'application';
  }
  return false;
};
