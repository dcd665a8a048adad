import { type ActorId, isProgram, programs, socketLetters } from '../../core/model/actors.ts';
import { type BenchState, type CallState, isAside } from '../../core/model/state.ts';
import { holderOfThread, threadKind } from '../../core/model/threads.ts';
import { firstFrom, type Track, until } from './timeline-index.ts';
import type { TimelineView, TimelineWindow } from './timeline-window.ts';

/** A thread as the timeline shows it. */
export type TimelineRow = {
  readonly actor: ActorId | '';
  readonly thread: string;
  /** Its calls that have ended: the first `count` of the track. */
  readonly track: Track | undefined;
  readonly count: number;
  readonly running: CallState | undefined;
  readonly queued: readonly CallState[];
};

/** The programs in the order of their panes, then the processes in the order of their finding. */
const placeOf = (actor: ActorId | ''): number =>
  isProgram(actor) ? programs.indexOf(actor) : programs.length + (Number(actor.slice(1)) || 0);

/** Where a thread stands among the rows: by actor, then by socket, the reader before the writer. */
const orders = new Map<string, number>();

const orderOf = ({ actor, thread }: TimelineRow): number => {
  const known = orders.get(thread);
  if (known !== undefined) return known;
  const kind = threadKind(thread);
  if (kind === 'process') return placeOf(actor) * 1e12 + Number(thread.split('/')[1]);
  const holder = kind === 'one' ? '' : holderOfThread(thread);
  const socket = holder === '' ? 0 : 1 + socketLetters.indexOf(holder[0]!);
  const order =
    (placeOf(actor) * 10 + socket) * 1e11 + (Number(holder.slice(1)) || 0) * 10 + (kind === 'writer' ? 1 : 0);
  if (orders.size > 10_000) orders.clear();
  orders.set(thread, order);
  return order;
};

type InFlight = {
  readonly actor: ActorId | '';
  running: CallState | undefined;
  readonly queued: CallState[];
};

const inFlight = (bench: BenchState): ReadonlyMap<string, InFlight> => {
  const threads = new Map<string, InFlight>();
  for (const call of bench.calls.values()) {
    if (call.thread === '' || isAside(bench, call.actor)) continue;
    let found = threads.get(call.thread);
    if (!found) {
      found = { actor: call.actor, running: undefined, queued: [] };
      threads.set(call.thread, found);
    }
    if (call.startedAt === null) found.queued.push(call);
    else found.running = call;
  }
  return threads;
};

const noCalls: readonly CallState[] = [];

/** Whether a track has a call in the window, or one that waited then. */
const isBusyIn = (track: Track, count: number, { from, to }: TimelineWindow): boolean => {
  if (count > 0 && track.ends[count - 1]! >= from) {
    const first = firstFrom(track.ends, from);
    if (first < count && track.starts[first]! < to) return true;
  }
  if (track.waitEnds.length === 0 || track.waitEnds.at(-1)! < from) return false;
  const wait = firstFrom(track.waitEnds, from);
  return wait < track.waitStarts.length && track.waitStarts[wait]! < to;
};

/** When the first of the calls in flight was asked for. */
const since = ({ running, queued }: InFlight): number =>
  running?.startedAt ?? queued[0]?.queuedAt ?? Number.POSITIVE_INFINITY;

/** The threads that did something in the window, in an order that stays. */
export const timelineRows = (
  bench: BenchState,
  tracks: ReadonlyMap<string, Track>,
  window: TimelineWindow,
): readonly TimelineRow[] => {
  const flights = inFlight(bench);
  const rows: TimelineRow[] = [];
  for (const [thread, track] of tracks) {
    const flight = flights.get(thread);
    const count = until(track, bench.entries);
    if (!(flight && since(flight) < window.to) && !isBusyIn(track, count, window)) continue;
    const { actor } = track;
    rows.push({ actor, thread, track, count, running: flight?.running, queued: flight?.queued ?? noCalls });
  }
  for (const [thread, flight] of flights) {
    if (tracks.has(thread) || since(flight) >= window.to) continue;
    rows.push({ thread, track: undefined, count: 0, ...flight });
  }
  return rows.sort((a, b) => orderOf(a) - orderOf(b));
};

/** Whether calls waited for the thread in the window. */
export const hasQueue = ({ track, queued }: TimelineRow, { from, to }: TimelineWindow): boolean => {
  if (queued.some(call => call.queuedAt < to)) return true;
  if (!track) return false;
  const wait = firstFrom(track.waitEnds, from);
  return wait < track.waitStarts.length && track.waitStarts[wait]! < to;
};

/** The row with the cursor: the chosen thread's, else one of the socket's, else the first; undefined for no rows. */
export const chosenRow = (
  rows: readonly TimelineRow[],
  view: TimelineView,
  socket: string,
): TimelineRow | undefined =>
  rows.find(row => row.thread === view.thread) ??
  rows.find(row => row.thread === socket || row.thread.startsWith(`${socket}.`)) ??
  rows[0];

/** The entry of the call chosen in a row: by hand, or the newest one shown; 0: none. */
export const chosenCall = (
  row: TimelineRow | undefined,
  view: TimelineView,
  { to }: TimelineWindow,
): number => {
  if (!row) return 0;
  if (view.entry > 0 && view.thread === row.thread) return endOf(row, view.entry);
  if (row.running && (row.running.startedAt ?? 0) < to) return row.running.n;
  const shown = row.track ? Math.min(row.count, firstFrom(row.track.starts, to)) : 0;
  return shown > 0 ? row.track!.entries[shown - 1]! : (row.queued[0]?.n ?? 0);
};

/** A call chosen while it ran is, once it has ended, chosen by its end. */
const endOf = ({ running, track, count }: TimelineRow, entry: number): number => {
  if (running?.n === entry || !track) return entry;
  const ended = firstFrom(track.entries, entry);
  return ended < count ? track.entries[ended]! : entry;
};

/** The entry of the call before (`by` -1) or after a row's chosen one; 0: there is none. */
export const besideCall = ({ track, count, running }: TimelineRow, entry: number, by: 1 | -1): number => {
  const at = running?.n === entry || !track ? count : firstFrom(track.entries, entry);
  const next = at + by;
  if (next < 0) return 0;
  if (next < count) return track?.entries[next] ?? 0;
  return next === count ? (running?.n ?? 0) : 0;
};
