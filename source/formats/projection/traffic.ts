import { type Endpoint, type InetEndpoint, inet, inetOrNull, isInet } from '../../core/addresses/endpoint.ts';
import { familyOf, isWildcard } from '../../core/addresses/ip.ts';
import { type Call, peeks } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import { type Answers, resolved, withLookup } from '../../core/calls/lookups.ts';
import type { EndedEntry, Entry, RunningEntry, SampleEntry } from '../../core/model/entry.ts';
import { processOfThread } from '../../core/model/process.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { type Kind, type TransportId, transportOf } from '../../core/model/transports.ts';
import { isEof } from '../../core/words/outcome-text.ts';
import { type PieceMakers, piecesLength } from '../pieces.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createFileBuffers, type FileBuffers, sentOf } from './file-buffers.ts';
import { createTcpTraffic, type TcpTraffic } from './tcp-traffic.ts';
import { tracedEnds } from './traced-ends.ts';
import type { TrafficEvents } from './traffic-events.ts';
import { inOrderOfTime } from './traffic-order.ts';
import { createUdpTraffic, type UdpTraffic } from './udp-traffic.ts';

/** What the look-ups inside a call have found so far, and when the last of them ended. */
type Found = { readonly answers: Answers; readonly t: number };

/** Who stands behind the names that calls go to. */
const createNames = () => {
  const found = new Map<number, Found>();
  return {
    lookedUp: ({ call, inside, outcome, t }: EndedEntry) => {
      found.set(inside, { answers: withLookup(found.get(inside)?.answers, call, outcome), t });
    },
    /** When the last look-up inside a call ended. */
    foundAt: (id: number): number | undefined => found.get(id)?.t,
    /** What a look-up found stands in for a name; every interface is this machine, as Linux connects to it. */
    goesTo: (address: Endpoint, id: number): InetEndpoint | null => {
      const goal = resolved(address, found.get(id)?.answers);
      if (!isInet(goal)) return null;
      const { host, port } = goal;
      return inet(isWildcard(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host, port);
    },
  };
};

type Traffic = {
  readonly files: FileBuffers;
  readonly names: ReturnType<typeof createNames>;
  /** Calls seen in flight, by the socket each is inside of: they keep it, as an open file object does. */
  readonly inside: Map<number, string>;
  readonly tcp: TcpTraffic;
  readonly udp: UdpTraffic;
  /** Ends of connections of processes that were told elsewhere, by the number of the entry that has them not. */
  readonly told: ReadonlyMap<number, InetEndpoint>;
};

const createTraffic = (
  files: FileBuffers,
  pieces: PieceMakers,
  told: ReadonlyMap<number, InetEndpoint>,
  log: EventLog,
): Traffic => {
  const inside = new Map<number, string>();
  const isInside = (name: string): boolean => {
    for (const socket of inside.values()) if (socket === name) return true;
    return false;
  };
  const tcp = createTcpTraffic(files, pieces, name => files.openOn(name) > 0 || isInside(name), log);
  return { files, names: createNames(), inside, tcp, udp: createUdpTraffic(pieces), told };
};

/** A socket is there from now on; `known`: what it had before the first entry. */
type Make = (traffic: Traffic, name: string, known?: SocketState) => void;

const makes: Readonly<Record<TransportId, Make>> = {
  tcp: ({ tcp }, name, known) => tcp.made(name, known),
  udp: ({ udp }, name, known) => udp.made(name, inetOrNull(known?.local), inetOrNull(known?.peer)),
  // Never on a wire.
  unix: () => {},
  unixgram: () => {},
};

const made = (traffic: Traffic, kind: Kind, name: string, known?: SocketState): void =>
  makes[transportOf(kind).id](traffic, name, known);

const inFlight = ({ files, inside, tcp }: Traffic, id: number, call: Call, taken = 0) => {
  if (call.on !== '') inside.set(id, files.socketOf(call.on));
  const pieces = files.outgoing(call, null);
  if (pieces) tcp.sending(id, files.socketOf(call.on), pieces, taken);
};

const standing = (traffic: Traffic, { sockets, calls: flying }: BenchState) => {
  for (const socket of sockets.values()) if (!socket.closed) made(traffic, socket, socket.name, socket);
  for (const { id, call, taken, startedAt } of flying.values())
    if (startedAt !== null) inFlight(traffic, id, call, taken);
};

const isLiteral = ({ host, port }: InetEndpoint): boolean =>
  familyOf(host) !== null && typeof port === 'number';

const learned = ({ tcp, udp }: Traffic, name: string, local: Endpoint | undefined) => {
  if (!local || !isInet(local)) return;
  tcp.learned(name, local);
  udp.learned(name, local);
};

/** With the address of its socket, where that was told elsewhere. */
const located = ({ told }: Traffic, entry: EndedEntry): EndedEntry => {
  const { outcome, n } = entry;
  const local = told.get(n);
  if (!local || (outcome.kind !== 'made' && outcome.kind !== 'none')) return entry;
  return { ...entry, outcome: { ...outcome, local: outcome.local ?? local } };
};

const connected = (traffic: Traffic, entry: EndedEntry, address: Endpoint) => {
  const { names, tcp, udp } = traffic;
  const { call, outcome, startedAt, id } = entry;
  if (startedAt === null) return;
  const to = names.goesTo(address, id);
  if (!to) return;
  if (tcp.has(call.on)) {
    learned(traffic, call.on, traffic.told.get(entry.n));
    if (isLiteral(to)) tcp.connected(located(traffic, entry), to, names.foundAt(id) ?? startedAt);
    return;
  }
  if (outcome.kind !== 'none') return;
  learned(traffic, call.on, outcome.local);
  udp.connected(call.on, inetOrNull(outcome.peer) ?? to);
};

const sent = (traffic: Traffic, entry: EndedEntry) => {
  const { files, names, tcp, udp } = traffic;
  const { call, outcome, id, startedAt, t, seen } = entry;
  const name = files.socketOf(call.on);
  const pieces = files.outgoing(call, outcome);
  files.ended(call, outcome);
  if (!pieces || (calls[call.name].ends === 'descriptor' && pieces.length === 0)) return;
  if (tcp.has(name)) return tcp.sent(entry, name, pieces);
  if (outcome.kind === 'error' || (files.isFile(call.on) && pieces.length === 0)) return;
  if (sentOf(call, outcome, piecesLength(pieces)) < piecesLength(pieces)) return;
  if (outcome.kind === 'count') learned(traffic, name, outcome.local);
  const to = 'address' in call ? names.goesTo(call.address, id) : null;
  udp.sent(name, to, pieces, seen ? t : (startedAt ?? t));
};

const received = ({ files, inside, tcp, udp }: Traffic, entry: EndedEntry) => {
  const { call, outcome } = entry;
  // Of a file object that was closed meanwhile only the call's beginning knows the socket.
  const name = inside.get(entry.id) ?? files.socketOf(call.on);
  if (peeks(call)) return;
  if (tcp.has(name)) return tcp.received(entry, name, isEof(outcome, call) && call.name !== 'read');
  udp.received(entry, name);
};

const closed = (traffic: Traffic, entry: EndedEntry, how: 'close' | 'reset') => {
  const { files, tcp } = traffic;
  const { call, outcome, t } = entry;
  if (files.isFile(call.on)) {
    const socket = files.socketOf(call.on);
    sent(traffic, entry);
    return tcp.released(socket, t);
  }
  if (outcome.kind !== 'error') tcp.closed(call.on, t, how);
};

/** What a call that has ended did, seen from outside. */
const did = (traffic: Traffic, entry: EndedEntry) => {
  const { call, outcome } = entry;
  switch (call.name) {
    case 'socket':
      if (outcome.kind !== 'made') return;
      return made(traffic, call, outcome.name);
    case 'bind':
    case 'listen':
      return learned(traffic, call.on, outcome.kind === 'none' ? outcome.local : undefined);
    case 'getsockname':
      return learned(traffic, call.on, outcome.kind === 'endpoint' ? outcome.endpoint : undefined);
    case 'connect':
      return connected(traffic, entry, call.address);
    case 'accept':
      return traffic.tcp.accepted(located(traffic, entry));
    case 'makefile':
      return outcome.kind === 'made' ? traffic.files.open(outcome.name, call.on) : undefined;
    case 'send':
    case 'sendall':
    case 'sendto':
    case 'write':
    case 'flush':
      return sent(traffic, entry);
    case 'recv':
    case 'recvfrom':
    case 'read':
    case 'readline':
      return received(traffic, entry);
    case 'shutdown':
      if (outcome.kind === 'error') return;
      return traffic.tcp.shut(call.on, entry.t, call.how !== 'SHUT_RD', call.how !== 'SHUT_WR');
    case 'close':
    case 'reset':
      return closed(traffic, entry, call.name);
    case 'wrap':
    case 'settimeout':
    case 'gettimeout':
    case 'setsockopt':
    case 'getsockopt':
    case 'getpeername':
    case 'getaddrinfo':
    case 'gethostbyaddr':
    case 'getservbyname':
    case 'getservbyport':
    case 'poll':
      return;
    default:
      call satisfies never;
  }
};

const ended = (traffic: Traffic, entry: EndedEntry) => {
  if (entry.inside !== 0) traffic.names.lookedUp(entry);
  else did(traffic, entry);
  const left = traffic.inside.get(entry.id);
  if (left !== undefined && traffic.inside.delete(entry.id)) traffic.tcp.released(left, entry.t);
};

const sampled = (traffic: Traffic, { taken, sockets, readAt, t }: SampleEntry) => {
  for (const { id, bytes } of taken) traffic.tcp.took(id, bytes, t);
  for (const sample of sockets) {
    learned(traffic, sample.socket, sample.local);
    traffic.tcp.sampled(sample, readAt);
  }
};

/** Calls of processes that only looks saw have no bytes. */
const isBare = ({ thread }: EndedEntry | RunningEntry, traced: ReadonlySet<string>): boolean => {
  const process = processOfThread(thread);
  return process !== '' && !traced.has(process);
};

const take = (traffic: Traffic, entry: Entry, traced: ReadonlySet<string>) => {
  switch (entry.kind) {
    case 'running':
      if (entry.inside === 0 && !entry.again && !isBare(entry, traced))
        inFlight(traffic, entry.id, entry.call);
      return;
    case 'ended':
      if (!isBare(entry, traced)) ended(traffic, entry);
      return;
    case 'sample':
      return sampled(traffic, entry);
    case 'event':
      if (entry.event === 'late') traffic.tcp.late(entry.socket, entry.bytes, entry.t);
      return;
    default:
      return;
  }
};

/** What a session's traffic is gathered from besides its entries. `traced` are processes whose calls have their bytes. */
export type TrafficFrom = {
  readonly begun: BenchState | null;
  readonly pieces: PieceMakers;
  readonly traced: ReadonlySet<string>;
  readonly ends: ReadonlyMap<number, InetEndpoint>;
};

/**
 * Gathers what could be seen of a session from outside: handshakes, bytes, ends of streams, datagrams. A stream between two sockets
 * of the bench comes once, as it was sent; of a foreign peer what was received from it. In the order of time once all has come.
 */
export const createTrafficOf = ({ begun, pieces, traced, ends }: TrafficFrom) => {
  const log = createEventLog();
  const traffic = createTraffic(createFileBuffers(begun, pieces), pieces, ends, log);
  if (begun) standing(traffic, begun);
  return {
    take: (entry: Entry) => take(traffic, entry, traced),
    events: (): TrafficEvents => inOrderOfTime(log, traffic.tcp.conversations(), traffic.udp.datagrams()),
  };
};

/** The same of entries that are all there. */
export const trafficOf = (entries: Iterable<Entry>, from: Omit<TrafficFrom, 'ends'>): TrafficEvents => {
  const { take, events } = createTrafficOf({ ...from, ends: tracedEnds(entries) });
  for (const entry of entries) take(entry);
  return events();
};
