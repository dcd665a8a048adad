import { hasIn } from '../../core/calls/calls.ts';
import type { Entry } from '../../core/model/entry.ts';
import { createColumn, sortedBy } from '../columns.ts';
import { type AboutCall, type Growing, grown, type PlannedCall, withoutLastClose } from './call-plan.ts';

/** A call begins or ends. `t` in ms since the bench began. */
export type Moment = { readonly t: number; readonly planned: PlannedCall; readonly isEnd: boolean };

/** Calls that began, as they did and ended. */
export type CallMoments = {
  /** Threads of all of them, in the order of their first calls. */
  readonly threads: readonly string[];
  /** In the order of time; of one time by the number of the call. A call is there from its beginning to its end, and has no `by`. */
  readonly inOrder: () => Iterable<Moment>;
};

const isAboutCall = (entry: Entry): entry is AboutCall =>
  entry.kind === 'queued' || entry.kind === 'running' || entry.kind === 'ended';

/** Whether the call has to do with what the end of a session closes. */
const hasToDoWithClosing = (entry: AboutCall): boolean =>
  hasIn(entry.call, 'ends', 'descriptor') ||
  hasIn(entry.call, 'ends', 'connection') ||
  hasIn(entry.call, 'returns', 'file') ||
  (entry.kind === 'ended' && entry.outcome.kind === 'error' && entry.outcome.code === 'CLOSED');

const kinds = { queued: 0, running: 1, ended: 2 } as const;

/** What is kept of each entry of a call: 40 bytes. A place is where the entry can be read again. */
const createNotes = () => {
  const [ids, times, starts, places, marks] = [0, 0, 0, 0, 0].map(createColumn);
  const threads = new Map<string, number>();
  const inside = new Map<number, number>();
  const closing = new Set<number>();
  let size = 0;

  return {
    size: () => size,
    id: (note: number) => ids!.get(note),
    t: (note: number) => times!.get(note),
    /** NaN: it never began. */
    startedAt: (note: number) => starts!.get(note),
    place: (note: number) => places!.get(note),
    kind: (note: number) => marks!.get(note) % 4,
    thread: (note: number) => Math.floor(marks!.get(note) / 4),
    inside: (note: number) => inside.get(note) ?? 0,
    isClosing: (note: number) => closing.has(note),
    threads: () => [...threads.keys()],
    hasInside: () => inside.size > 0,
    add: (entry: AboutCall, place: number) => {
      ids!.set(size, entry.id);
      times!.set(size, entry.t);
      starts!.set(size, entry.kind === 'queued' ? Number.NaN : (entry.startedAt ?? Number.NaN));
      places!.set(size, place);
      const thread = threads.get(entry.thread) ?? threads.size;
      threads.set(entry.thread, thread);
      marks!.set(size, thread * 4 + kinds[entry.kind]);
      if (entry.inside !== 0) inside.set(size, entry.inside);
      if (hasToDoWithClosing(entry)) closing.add(size);
      size++;
    },
  };
};

type Notes = ReturnType<typeof createNotes>;

/** Notes in the order of their calls; of one call as they came. */
const inOrderOfCalls = (notes: Notes): Int32Array => {
  const order = new Int32Array(notes.size());
  for (let note = 0; note < order.length; note++) order[note] = note;
  return sortedBy(order, notes.id);
};

/** Which notes are a call's: its first, the newest that says when it began, and its end; -1: none. */
type Calls = {
  readonly count: number;
  readonly first: Int32Array;
  readonly begun: Int32Array;
  readonly end: Int32Array;
};

const callsIn = (notes: Notes): Calls => {
  const size = notes.size();
  const [first, begun, end] = [
    new Int32Array(size),
    new Int32Array(size).fill(-1),
    new Int32Array(size).fill(-1),
  ];
  let count = 0;
  for (const note of inOrderOfCalls(notes)) {
    if (count === 0 || notes.id(first[count - 1]!) !== notes.id(note)) first[count++] = note;
    const kind = notes.kind(note);
    if (kind !== kinds.queued) begun[count - 1] = note;
    if (kind === kinds.ended) end[count - 1] = note;
  }
  return { count, first, begun, end };
};

/** Calls as they can be put together again, one at a time. */
const createCalls = (notes: Notes, at: (place: number) => Entry) => {
  const { count, first, begun, end } = callsIn(notes);
  const lookups = new Map<number, number[]>();
  for (let call = 0; notes.hasInside() && call < count; call++) {
    const inside = notes.inside(first[call]!);
    if (inside !== 0) lookups.set(inside, [...(lookups.get(inside) ?? []), call]);
  }

  const read = (note: number): AboutCall => {
    const entry = at(notes.place(note));
    if (!isAboutCall(entry)) throw new Error(`entry ${entry.n} is of no call`);
    return entry;
  };

  const startedAt = (call: number): number => (begun[call]! < 0 ? Number.NaN : notes.startedAt(begun[call]!));

  /** Calls that only the end of the session ended. */
  const endless = new Set<number>();

  const withoutLookups = (call: number): Growing => {
    const about = read(first[call]!);
    const made = grown(about);
    const ended = end[call]! < 0 ? null : end[call] === first[call] ? about : read(end[call]!);
    const start = startedAt(call);
    made.startedAt = Number.isNaN(start) ? null : start;
    if (ended?.kind !== 'ended' || endless.has(call)) return made;
    made.endedAt = ended.t;
    made.outcome = ended.outcome;
    return made;
  };

  const closing: [number, Growing][] = [];
  const isClosing = (note: number) => note >= 0 && notes.isClosing(note);
  for (let call = 0; call < count; call++)
    if (isClosing(first[call]!) || isClosing(end[call]!)) closing.push([call, withoutLookups(call)]);
  withoutLastClose(closing.map(([, made]) => made));
  for (const [call, made] of closing) if (end[call]! >= 0 && made.endedAt === null) endless.add(call);

  return {
    count,
    /** Whether it is one of its own and has begun. */
    isOne: (call: number) => notes.inside(first[call]!) === 0 && !Number.isNaN(startedAt(call)),
    id: (call: number) => notes.id(first[call]!),
    thread: (call: number) => notes.thread(first[call]!),
    startedAt,
    endedAt: (call: number) => (end[call]! < 0 || endless.has(call) ? Number.NaN : notes.t(end[call]!)),
    planned: (call: number): PlannedCall => {
      const made = withoutLookups(call);
      if (lookups.size > 0) made.lookups = (lookups.get(made.id) ?? []).map(withoutLookups);
      return made;
    },
  };
};

/** Calls of a session of any length: takes its entries, each with a place from which `at` gives it again. */
export const createCallMoments = (at: (place: number) => Entry) => {
  const notes = createNotes();

  const moments = (): CallMoments => {
    const calls = createCalls(notes, at);
    const names = notes.threads();
    const used = new Set<number>();
    const order = new Int32Array(calls.count * 2);
    let size = 0;
    for (let call = 0; call < calls.count; call++) {
      if (!calls.isOne(call)) continue;
      used.add(calls.thread(call));
      order[size++] = call * 2;
      if (!Number.isNaN(calls.endedAt(call))) order[size++] = call * 2 + 1;
    }
    // Calls that need no thread end where they begin: they never block.
    const timeOf = (moment: number): number => {
      const call = moment >> 1;
      return moment & 1 && names[calls.thread(call)] !== '' ? calls.endedAt(call) : calls.startedAt(call);
    };
    // Calls are in the order of their numbers, each with its beginning before its end.
    const inTime = sortedBy(order.subarray(0, size), timeOf);
    return {
      threads: [...used].map(thread => names[thread]!),
      *inOrder() {
        const open = new Map<number, PlannedCall>();
        let last: PlannedCall | null = null;
        // By its index: entries() makes a pair of each of millions.
        for (let index = 0; index < inTime.length; index++) {
          const moment = inTime[index]!;
          const call = moment >> 1;
          const isEnd = (moment & 1) === 1;
          const planned: PlannedCall = (isEnd && (last ?? open.get(call))) || calls.planned(call);
          if (isEnd && !last) open.delete(call);
          // The end of most calls comes next: they need not be looked up then.
          last = !isEnd && inTime[index + 1] === moment + 1 ? planned : null;
          if (!isEnd && !last && planned.endedAt !== null) open.set(call, planned);
          yield { t: timeOf(moment), planned, isEnd };
        }
      },
    };
  };

  return {
    take: (entry: Entry, place: number) => {
      if (isAboutCall(entry) && !entry.aside) notes.add(entry, place);
    },
    moments,
  };
};
