import type { Entry } from '../../core/model/entry.ts';
import type { BenchState } from '../../core/model/state.ts';
import { heldPieces } from '../pieces.ts';
import type { Header } from '../session/jsonl.ts';
import type { Session } from '../session/read-session.ts';
import { type CallMoments, createCallMoments } from './call-moments.ts';
import { type PlannedCall, plannedCalls } from './call-plan.ts';
import { createFileBuffers, type FileBuffers } from './file-buffers.ts';
import { type Told, toldIn } from './told.ts';
import { trafficOf } from './traffic.ts';
import type { TrafficEvents } from './traffic-events.ts';

/** What a session was, as the formats read it: no other walks its entries. A part is made when it is first asked for, once. */
export type Projection = {
  readonly header: Header;
  /** The last line of its file was cut off. */
  readonly cut: boolean;
  /** Number of its first entry; above 1 the journal's cap has dropped those before. */
  readonly first: number;
  /** When its last entry was made, ms since the bench began. */
  readonly endedAt: number;
  /** The state before the first entry, where it begins in the midst of another; else null. */
  readonly begun: BenchState | null;
  /** Every call in the order of its start, those of processes too. */
  readonly calls: () => readonly PlannedCall[];
  /** The same as they began and ended. */
  readonly moments: () => CallMoments;
  readonly told: () => Told;
  /** Its conversations and datagrams, as others could see them, in the order of time. */
  readonly traffic: () => TrafficEvents;
  /** File objects as they are before the first entry: each asking gives its own, which goes on with the calls it is told. */
  readonly files: () => FileBuffers;
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** The state before a session's first entry, where it begins in the midst of another. */
export const begunOf = (first: Entry | undefined): BenchState | null =>
  first?.kind === 'checkpoint' ? first.state : null;

const momentsIn = (entries: readonly Entry[]): CallMoments => {
  const { take, moments } = createCallMoments(place => entries[place]!);
  for (const [index, entry] of entries.entries()) take(entry, index);
  return moments();
};

/** What needs no more of a session than can be had of one of any length, without holding it. */
export type Streamed = Pick<Projection, 'header' | 'begun' | 'moments' | 'told' | 'files'>;

/** The same for packets. */
export type StreamedTraffic = Pick<Projection, 'header' | 'begun' | 'told' | 'traffic'>;

export const projectionOf = ({ header, entries, cut }: Session): Projection => {
  const begun = begunOf(entries[0]);
  const told = once(() => toldIn(entries));
  const files = () => createFileBuffers(begun);
  return {
    header,
    cut,
    first: entries[0]?.n ?? 1,
    endedAt: entries.at(-1)?.t ?? 0,
    begun,
    calls: once(() => plannedCalls(entries)),
    moments: once(() => momentsIn(entries)),
    told,
    traffic: once(() => trafficOf(entries, { begun, pieces: heldPieces, traced: told().traced })),
    files,
  };
};
