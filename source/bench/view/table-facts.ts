import { formatEndpoint } from '../../core/addresses/address.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import type { ProcessState } from '../../core/model/process.ts';
import type { BenchState, CallState, SocketState } from '../../core/model/state.ts';
import { bytesOf, type Rates } from './rates.ts';
import { peerSeen } from './selectors-peers.ts';
import { callsOn, conditionOf, tellingCall } from './selectors-sockets.ts';
import type { ColumnId } from './table-columns.ts';

/** What a row of the table says of a socket. null: it is not known, or there is none. */
export type TableFacts = {
  readonly socket: SocketState;
  readonly call: CallState | null;
  /** The program at the other end. */
  readonly process: ProcessState | null;
  readonly receiveQueue: number | null;
  readonly sendQueue: number | null;
  readonly bytes: number | null;
  readonly rate: number | null;
};

/** Looks tell no bytes: calls do. */
const hasBytes = (bench: BenchState, actor: ActorId): boolean =>
  isProgram(actor) || bench.processes.get(actor)?.traced === true;

/** Columns that would be empty from top to bottom. */
export const emptyColumns = (bench: BenchState, actor: ActorId): readonly ColumnId[] => [
  ...(bench.processes.size === 0 ? (['process'] as const) : []),
  ...(hasBytes(bench, actor) ? [] : (['bytes', 'rate'] as const)),
];

const processAt = (bench: BenchState, socket: SocketState): ProcessState | null => {
  if (isProgram(socket.actor)) return peerSeen(bench, socket)?.process ?? null;
  const actor = bench.sockets.get(socket.twin)?.actor;
  return (actor && !isProgram(actor) && bench.processes.get(actor)) || null;
};

/** In a process's pane of a socket that others have open too only its own calls. */
const callsOf = (bench: BenchState, actor: ActorId, { name }: SocketState): readonly CallState[] =>
  callsOn(bench, name).filter(call => call.inside === 0 && (isProgram(actor) || call.actor === actor));

export const factsOf = (
  bench: BenchState,
  actor: ActorId,
  socket: SocketState,
  rates: Pick<Rates, 'of'>,
): TableFacts => {
  const known = hasBytes(bench, actor);
  return {
    socket,
    call: tellingCall(callsOf(bench, actor, socket)) ?? null,
    process: processAt(bench, socket),
    receiveQueue: socket.kernel?.rcvQ ?? null,
    sendQueue: socket.kernel?.sndQ ?? null,
    bytes: known ? bytesOf(socket) : null,
    rate: known ? rates.of(socket.name) : null,
  };
};

/** What rows are sorted by: text from A, numbers from the largest. The name is the order in which sockets came to be. */
const sortedBy: Readonly<Record<Exclude<ColumnId, 'name'>, (facts: TableFacts) => string | number | null>> = {
  state: ({ socket }) => conditionOf(socket),
  peer: ({ socket: { peer } }) => (peer ? formatEndpoint(peer) : ''),
  process: ({ process }) => (process ? `${safeText(process.name)} ${process.pid}` : ''),
  call: ({ call }) => call?.call.name ?? '',
  since: ({ call }) => (call ? -(call.startedAt ?? call.queuedAt) : null),
  receiveQueue: ({ receiveQueue }) => receiveQueue,
  sendQueue: ({ sendQueue }) => sendQueue,
  bytes: ({ bytes }) => bytes,
  rate: ({ rate }) => rate,
};

const compare = (a: string | number | null, b: string | number | null): number => {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === '' || b === '') return Number(a === '') - Number(b === '');
    return a.localeCompare(b, 'en', { numeric: true });
  }
  return Number(b ?? Number.NEGATIVE_INFINITY) - Number(a ?? Number.NEGATIVE_INFINITY) || 0;
};

/** The names of these rows, sorted by a column; of those that are alike the older first. */
export const sortedNames = (
  rows: readonly TableFacts[],
  column: ColumnId,
  reverse: boolean,
): readonly string[] => {
  const by = column === 'name' ? null : sortedBy[column];
  const sorted = by ? rows.toSorted((a, b) => compare(by(a), by(b))) : [...rows];
  if (reverse) sorted.reverse();
  return sorted.map(({ socket }) => socket.name);
};
