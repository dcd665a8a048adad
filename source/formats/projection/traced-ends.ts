import { type Endpoint, type InetEndpoint, isInet } from '../../core/addresses/endpoint.ts';
import { isWildcard } from '../../core/addresses/ip.ts';
import { sameEndpoint } from '../../core/addresses/twins.ts';
import type { EndedEntry, Entry } from '../../core/model/entry.ts';
import { processOfThread } from '../../core/model/process.ts';

/** A socket of a process, from the call that made it on. `local` null: nothing has told it. */
type Made = {
  local: InetEndpoint | null;
  peer: InetEndpoint | null;
  /** Numbers of the entries that need its address: of its accept, or of its connects. */
  readonly entries: number[];
  connects: boolean;
};

const exact = (end: Endpoint | null | undefined): InetEndpoint | null =>
  end && isInet(end) && end.port !== 0 && !isWildcard(end.host) ? end : null;

/** Takes what an entry tells of the ends of a socket. */
const tell = (socket: Made, local: Endpoint | null | undefined, peer?: Endpoint | null) => {
  socket.local = exact(local) ?? socket.local;
  socket.peer = exact(peer) ?? socket.peer;
};

/** The sockets that processes made in a session, and what it tells of their ends, before or after they were needed. */
const createSockets = () => {
  const all: Made[] = [];
  const byName = new Map<string, Made>();
  const made = (name: string, first: number[]): Made => {
    const socket: Made = { local: null, peer: null, entries: first, connects: false };
    all.push(socket);
    byName.set(name, socket);
    return socket;
  };
  const ended = ({ call, outcome, n }: EndedEntry) => {
    if (outcome.kind === 'made')
      return tell(made(outcome.name, call.name === 'accept' ? [n] : []), outcome.local, outcome.peer);
    const socket = byName.get(call.on);
    if (!socket) return;
    if (call.name === 'getsockname' && outcome.kind === 'endpoint') tell(socket, outcome.endpoint);
    if (call.name === 'getpeername' && outcome.kind === 'endpoint') tell(socket, null, outcome.endpoint);
    if (call.name !== 'connect') return;
    socket.entries.push(n);
    socket.connects = true;
    tell(socket, outcome.kind === 'none' ? outcome.local : null, call.address);
  };
  const take = (entry: Entry) => {
    if (entry.kind === 'ended' && processOfThread(entry.thread) !== '') ended(entry);
    const known = entry.kind === 'socket' ? byName.get(entry.name) : undefined;
    if (known && entry.kind === 'socket') tell(known, entry.local, entry.peer);
  };
  return { all, take };
};

const same = (one: InetEndpoint | null, other: InetEndpoint | null): boolean =>
  one !== null && other !== null && sameEndpoint(one, other);

/** The one of several that there is; two would be a guess. */
const only = (sockets: readonly Made[]): Made | undefined => (sockets.length === 1 ? sockets[0] : undefined);

/** Where ends of connections are, by the number of the entry of their connect or accept. */
export type TracedEnds = ReadonlyMap<number, InetEndpoint>;

const endsOf = (all: readonly Made[]): TracedEnds => {
  const sockets = all.filter(socket => socket.entries.length > 0);
  const [clients, servers] = [true, false].map(connects => sockets.filter(one => one.connects === connects));
  for (const server of servers!)
    server.local ??= only(clients!.filter(({ local }) => same(local, server.peer)))?.peer ?? null;
  for (const client of clients!) {
    const isFree = ({ peer }: Made) => !clients!.some(({ local }) => same(local, peer));
    client.local ??= only(servers!.filter(one => same(one.local, client.peer) && isFree(one)))?.peer ?? null;
  }
  return new Map(
    sockets.flatMap(({ entries: numbers, local }) => (local ? numbers.map(n => [n, local] as const) : [])),
  );
};

/** Finds them as entries come. */
export const createTracedEnds = () => {
  const { all, take } = createSockets();
  return { take, ends: (): TracedEnds => endsOf(all) };
};

/**
 * Where the ends of connections of processes are, by the number of the entry of their connect or accept. strace does not print them
 * all, and a socket may be closed before the kernel can be asked: then another call has told it, or the other end has.
 */
export const tracedEnds = (entries: Iterable<Entry>): TracedEnds => {
  const { take, ends } = createTracedEnds();
  for (const entry of entries) take(entry);
  return ends();
};
