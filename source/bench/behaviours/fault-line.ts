import { type Bytes, byteLength, joined, materialise, slice } from '../../core/bytes/bytes.ts';
import type { Call, CallName } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import { type Mark, markOf } from '../../core/model/entry.ts';
import { type Cut, type FaultDeed, type Faults, longestKept, usualSeed } from '../../core/model/faults.ts';
import { drawn, type Pcg32, pcg32 } from '../../core/model/pcg32.ts';

/**
 * A call on its way: a send, or one that ends a direction or the socket, which overtakes no send. `bytes` of a stream's send are what is left of it.
 */
export type Held = {
  readonly call: Call;
  readonly mark: Mark;
  readonly sends: boolean;
  readonly stream: boolean;
  readonly bytes: Bytes;
  /** When it was handed over, and when its delay is over: ms. */
  readonly at: number;
  readonly due: number;
};

/**
 * What stands between a program's sends and its socket, in plain data.
 *
 * - `behind`: a datagram, or both copies of it, that lets the next one go before it
 * - `free`: when the next bytes may leave, by rate and pieces
 * - `sent`, `received`: bytes since the faults were set
 * - `cut`: the connection was ended, so that nothing leaves any more
 */
export type FaultLine = {
  readonly queue: readonly Held[];
  readonly behind: readonly Held[];
  readonly chance: Pcg32;
  readonly free: number;
  readonly sent: number;
  readonly received: number;
  readonly cut: boolean;
};

/** What a fault did, for the journal: of what is held, the call `next` is made from `until` on, ms. */
export type Deed = {
  readonly did: FaultDeed;
  readonly bytes: number;
  readonly until?: number;
  readonly next?: CallName;
};

export type Entered = { readonly line: FaultLine; readonly deeds: readonly Deed[] };

/** What comes next of what is held: a call now, or from `until` on. */
export type Move =
  | { readonly kind: 'none' }
  | { readonly kind: 'wait'; readonly until: number; readonly call: CallName }
  | ({ readonly kind: 'make'; readonly call: Call; readonly mark: Mark } & Entered);

const literal = (data: Uint8Array): Bytes => ({ kind: 'literal', data, notation: 'text' });

const empty = literal(new Uint8Array(0));

/** Ms of a rate's bytes that leave in one write: seldom enough for a log, often enough to look like a slow link. */
const rateStep = 50;

const none: Move = { kind: 'none' };

export const newLine = ({ seed = usualSeed }: Faults): FaultLine => ({
  queue: [],
  behind: [],
  chance: pcg32(seed),
  free: 0,
  sent: 0,
  received: 0,
  cut: false,
});

/** Other faults are set: they count and choose from the beginning, what is held stays. */
export const renewed = ({ queue, behind, free }: FaultLine, faults: Faults): FaultLine => ({
  ...newLine(faults),
  queue,
  behind,
  free,
});

/** A call as it is handed over. Its bytes are copied: received memory that is sent on may be written again before they have left. */
export const heldCall = (call: Call, by: Mark, stream: boolean, now: number): Held => {
  const mark = markOf(by);
  const sends = calls[call.name].moves === 'out';
  if (!('data' in call)) return { call, mark, sends, stream, bytes: empty, at: now, due: now };
  const bytes = literal(materialise(call.data).slice());
  return { call: { ...call, data: bytes }, mark, sends, stream, bytes, at: now, due: now };
};

export const heldBytes = ({ queue, behind }: FaultLine): number =>
  [...queue, ...behind].reduce((sum, { bytes }) => sum + byteLength(bytes), 0);

export const isEmpty = ({ queue, behind }: FaultLine): boolean => queue.length + behind.length === 0;

const happens = (value: number, percent: number | undefined): boolean =>
  percent !== undefined && value < (percent / 100) * 2 ** 32;

/** Three numbers a datagram, whatever is on: more of one fault does not choose other datagrams for another. */
const fateOf = ({ chance }: FaultLine, faults: Faults) => {
  const drop = drawn(chance);
  const duplicate = drawn(drop.next);
  const reorder = drawn(duplicate.next);
  return {
    dropped: happens(drop.value, faults.drop),
    duplicated: happens(duplicate.value, faults.duplicate),
    reordered: happens(reorder.value, faults.reorder),
    chance: reorder.next,
  };
};

const datagramEnters = (line: FaultLine, faults: Faults, held: Held): Entered => {
  const { dropped, duplicated, reordered, chance } = fateOf(line, faults);
  const bytes = byteLength(held.bytes);
  if (dropped) return { line: { ...line, chance }, deeds: [{ did: 'dropped', bytes }] };
  const copies = duplicated ? [held, held] : [held];
  const twice: readonly Deed[] = duplicated ? [{ did: 'duplicated', bytes }] : [];
  if (reordered && line.behind.length === 0) {
    return { line: { ...line, chance, behind: copies }, deeds: [...twice, { did: 'reordered', bytes }] };
  }
  const queue = [...line.queue, ...copies, ...line.behind];
  return { line: { ...line, chance, queue, behind: [] }, deeds: twice };
};

const streamEnters = (line: FaultLine, { split }: Faults, held: Held): Entered => {
  const bytes = byteLength(held.bytes);
  const deeds: readonly Deed[] = split && bytes > split.size ? [{ did: 'split', bytes }] : [];
  return { line: { ...line, queue: [...line.queue, held] }, deeds };
};

/** Something is handed over: what becomes of it. Nothing leaves yet. */
export const enter = (line: FaultLine, faults: Faults, handed: Held): Entered => {
  const held = { ...handed, due: handed.at + (faults.delay ?? 0) };
  if (!held.sends) {
    return { line: { ...line, queue: [...line.queue, ...line.behind, held], behind: [] }, deeds: [] };
  }
  if (line.cut) return { line, deeds: [{ did: 'lost', bytes: byteLength(held.bytes) }] };
  return held.stream ? streamEnters(line, faults, held) : datagramEnters(line, faults, held);
};

/** Paced from when it was to leave, where that is not long ago: a late timer does not slow the whole down. */
const freeAfter = ({ free }: FaultLine, { rate, split }: Faults, bytes: number, now: number): number => {
  const from = now - free < rateStep ? Math.max(free, 0) : now;
  return Math.max(rate === undefined ? 0 : from + (bytes / rate) * 1000, split ? now + split.every : 0);
};

const isPaced = ({ rate, split }: Faults): boolean => rate !== undefined || split !== undefined;

/** When the first in the queue may leave. */
const readyAt = (line: FaultLine, faults: Faults, { due }: Held, now: number): number =>
  Math.max(faults.delay === undefined ? now : due, isPaced(faults) ? line.free : now);

/** How much of a stream may leave in one write. */
const pieceOf = ({ free: _, sent }: FaultLine, { rate, split, cut }: Faults): number =>
  Math.min(
    split?.size ?? Number.POSITIVE_INFINITY,
    rate === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil((rate * rateStep) / 1000)),
    cut?.of === 'sent' ? cut.after - sent : Number.POSITIVE_INFINITY,
  );

/** Sends at the head of the queue whose delay is over: of these one write may be made. */
const mergeable = ({ queue }: FaultLine, faults: Faults, now: number): readonly Held[] => {
  const end = queue.findIndex(({ sends, due }) => !sends || (faults.delay !== undefined && due > now));
  return end < 0 ? queue : queue.slice(0, end);
};

/** The merged head in place of the sends that it is made of; when the first may leave where they are too few. */
const merged = (line: FaultLine, faults: Faults, now: number): Entered | number => {
  const { merge } = faults;
  const [head] = line.queue;
  if (!merge || !head?.sends || !head.stream) return { line, deeds: [] };
  const all = mergeable(line, faults, now);
  const size = all.reduce((sum, { bytes }) => sum + byteLength(bytes), 0);
  const isLast = line.queue.some(({ sends }) => !sends);
  const latest = head.at + Math.max(merge.within, faults.delay ?? 0);
  if (size < merge.size && !isLast && now < latest) return latest;
  if (all.length < 2) return { line, deeds: [] };
  const one: Held = { ...head, bytes: literal(joined(all.map(({ bytes }) => materialise(bytes)))) };
  const deeds: readonly Deed[] = [{ did: 'merged', bytes: size }];
  return { line: { ...line, queue: [one, ...line.queue.slice(all.length)] }, deeds };
};

const cutCall = (how: Cut['how'], on: string): Call =>
  how === 'reset' ? { name: 'reset', on } : { name: 'shutdown', on, how: 'SHUT_WR' };

/** Ends the connection: what is held of it is lost; its program may still close. */
const cutting = (line: FaultLine, { how, of }: Cut, on: string): Move => {
  const bytes = heldBytes(line);
  const queue =
    how === 'reset' ? [] : line.queue.filter(({ call }) => calls[call.name].ends === 'descriptor');
  const deeds: readonly Deed[] = [
    { did: how, bytes: line[of] },
    ...(bytes > 0 ? [{ did: 'lost' as const, bytes }] : []),
  ];
  const after = { ...line, queue, behind: [], cut: true };
  return { kind: 'make', call: cutCall(how, on), mark: {}, line: after, deeds };
};

const isCutNow = (line: FaultLine, { cut }: Faults): boolean => {
  if (!cut || line.cut || line[cut.of] < cut.after) return false;
  return cut.after > 0 || line.queue.some(({ sends }) => sends);
};

/** The first of the queue, or a piece of it, as a call. */
const leaving = (line: FaultLine, faults: Faults, head: Held, deeds: readonly Deed[], now: number): Move => {
  const { call, mark, sends, stream, bytes } = head;
  const rest = line.queue.slice(1);
  if (!sends) return { kind: 'make', call, mark, line: { ...line, queue: rest }, deeds };
  const whole = byteLength(bytes);
  const size = stream ? Math.min(whole, pieceOf(line, faults)) : whole;
  const after = { ...line, free: freeAfter(line, faults, size, now), sent: line.sent + size };
  if (!stream) return { kind: 'make', call, mark, line: { ...after, queue: rest }, deeds };
  const { on } = call;
  if (size === whole) {
    return {
      kind: 'make',
      call: { name: 'sendall', on, data: bytes },
      mark,
      line: { ...after, queue: rest },
      deeds,
    };
  }
  const left: Held = { ...head, bytes: literal(slice(bytes, size, whole - size)) };
  const data = literal(slice(bytes, 0, size));
  return {
    kind: 'make',
    call: { name: 'sendall', on, data },
    mark,
    line: { ...after, queue: [left, ...rest] },
    deeds,
  };
};

/** What is to be done at this moment with what is held for this socket. */
export const leave = (line: FaultLine, faults: Faults, on: string, now: number): Move => {
  if (faults.cut && isCutNow(line, faults)) return cutting(line, faults.cut, on);
  const [kept] = line.behind;
  if (line.queue.length === 0 && kept) {
    const until = faults.reorder === undefined ? now : kept.due + longestKept;
    if (now < until) return { kind: 'wait', until, call: kept.call.name };
    return leave({ ...line, queue: line.behind, behind: [] }, faults, on, now);
  }
  const [first] = line.queue;
  if (!first) return none;
  const ready = readyAt(line, faults, first, now);
  if (now < ready) return { kind: 'wait', until: ready, call: first.call.name };
  const whole = merged(line, faults, now);
  if (typeof whole === 'number') return { kind: 'wait', until: whole, call: first.call.name };
  return leaving(whole.line, faults, whole.line.queue[0]!, whole.deeds, now);
};
