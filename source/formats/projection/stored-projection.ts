import type { Bytes } from '../../core/bytes/bytes.ts';
import type { Entry } from '../../core/model/entry.ts';
import { processOfThread } from '../../core/model/process.ts';
import type { BenchState } from '../../core/model/state.ts';
import { type PieceSource, storedPieces } from '../pieces.ts';
import { createEntryPlaces, type StoredFile } from '../session/entry-places.ts';
import type { Refused } from '../session/read-session.ts';
import { type Checked, check, type Sight } from '../session/stored-session.ts';
import { createCallMoments } from './call-moments.ts';
import { createFileBuffers } from './file-buffers.ts';
import { begunOf, type Streamed, type StreamedTraffic } from './projection.ts';
import { createTold } from './told.ts';
import { createTracedEnds, type TracedEnds } from './traced-ends.ts';
import { createTrafficOf } from './traffic.ts';

/**
 * What a session of any length was, from its file: one pass checks every line and notes where the entries of calls are, which
 * are read again as they are asked for. The file must stay open as long.
 */
export const streamedProjection = (
  file: StoredFile,
): (Checked & { readonly session: Streamed }) | Refused => {
  const places = createEntryPlaces(file);
  const { take, moments } = createCallMoments(places.at);
  const { told, take: tell } = createTold();
  let begun: BenchState | null | undefined;
  const sight: Sight = {
    see: (entry, line) => {
      begun = begun === undefined ? begunOf(entry) : begun;
      take(entry, line.start);
      tell(entry);
    },
    end: () => {},
  };
  const checked = check(file, () => sight, 'moved');
  if (!checked.ok) return checked;
  const { header } = checked;
  const state = begun ?? null;
  const session = { header, begun: state, moments, told: () => told, files: () => createFileBuffers(state) };
  return { ...checked, session };
};

const nothing: Bytes = { kind: 'dropped', size: 0 };

const noEnds: TracedEnds = new Map();

/** What was read last is kept: of megabytes a packet has but a part, and the next one asks for them again. */
const keptOnce = (read: PieceSource): PieceSource => {
  let last: { readonly place: number; readonly bytes: Bytes } = { place: -1, bytes: nothing };
  return place => {
    if (last.place !== place) last = { place, bytes: read(place) };
    return last.bytes;
  };
};

/** Bytes of the entries of a file. */
const sourcesIn = (at: (place: number) => Entry): Readonly<Record<'sent' | 'received', PieceSource>> => ({
  sent: keptOnce(place => {
    const entry = at(place);
    return 'call' in entry && 'data' in entry.call ? entry.call.data : nothing;
  }),
  received: keptOnce(place => {
    const entry = at(place);
    if (entry.kind !== 'ended' || entry.outcome.kind !== 'data') return nothing;
    return { kind: 'literal', data: entry.outcome.data, notation: 'text' };
  }),
});

type Known = { readonly traced: ReadonlySet<string>; readonly ends: TracedEnds };

/** Gathers traffic as entries come, by where their bytes are. */
const createGathering = (file: StoredFile, known: Known) => {
  const sources = sourcesIn(createEntryPlaces(file).at);
  let place = 0;
  const pieces = storedPieces(() => place, sources);
  let traffic: ReturnType<typeof createTrafficOf> | undefined;
  const of = (begun: BenchState | null) => createTrafficOf({ begun, pieces, ...known });
  return {
    see: (entry: Entry, line: { readonly start: number }) => {
      place = line.start;
      traffic ??= of(begunOf(entry));
      traffic.take(entry);
    },
    end: () => {},
    events: () => (traffic ?? of(null)).events(),
  };
};

const isOfProcess = (entry: Entry): boolean => 'thread' in entry && processOfThread(entry.thread) !== '';

/**
 * What could be seen of a session of any length from outside. What processes did that were traced is told by entries that come later
 * too: where there are any, the file is gone through once more.
 */
export const streamedTraffic = (
  file: StoredFile,
): (Checked & { readonly session: StreamedTraffic }) | Refused => {
  const { told, take: tell } = createTold();
  const { ends, take: locate } = createTracedEnds();
  const gathering = createGathering(file, { traced: told.traced, ends: noEnds });
  let begun: BenchState | null | undefined;
  let processes = false;
  /** Of processes that were only looked at there is nothing to gather. */
  const isToldLater = () => processes && told.traced.size > 0;
  const first: Sight = {
    see: (entry, line) => {
      begun = begun === undefined ? begunOf(entry) : begun;
      tell(entry);
      locate(entry);
      processes ||= isOfProcess(entry);
      if (!isToldLater()) gathering.see(entry, line);
    },
    end: () => {},
  };
  const checked = check(file, () => first, 'moved');
  if (!checked.ok) return checked;
  let { events } = gathering;
  if (isToldLater()) {
    const again = createGathering(file, { traced: told.traced, ends: ends() });
    const second = check(file, () => again, 'moved');
    if (!second.ok) return second;
    events = again.events;
  }
  const made = events();
  const session = { header: checked.header, begun: begun ?? null, told: () => told, traffic: () => made };
  return { ...checked, session };
};
