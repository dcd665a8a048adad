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
import { piecesLength } from '../pieces.ts';
import { createFileBuffers, sentOf } from './file-buffers.ts';
import { createTcpTraffic } from './tcp-traffic.ts';
import { tracedProcesses } from './told.ts';
import { tracedEnds } from './traced-ends.ts';
import type { TrafficEvent } from './traffic-events.ts';
import { createUdpTraffic } from './udp-traffic.ts';

/** What the look-ups inside a call have found so far, and when the last of them ended. */
type Found = { readonly answers: Answers; readonly t: number };

const timeOf = (event: TrafficEvent): number => (event.kind === 'tcp' ? event.event.t : event.datagram.t);

/** Folds a session into what its sockets did to their connections. */
const createTraffic = (traced: ReadonlySet<string>, ends: ReadonlyMap<number, InetEndpoint>) => {
  /** Calls of processes that only looks saw have no bytes. */
  const isBare = ({ thread }: EndedEntry | RunningEntry): boolean => {
    const process = processOfThread(thread);
    return process !== '' && !traced.has(process);
  };

  const files = createFileBuffers();
  /** Calls seen in flight, by the socket each is inside of: they keep it, as an open file object does. */
  const inside = new Map<number, string>();
  const isInside = (name: string): boolean => {
    for (const socket of inside.values()) if (socket === name) return true;
    return false;
  };
  const tcp = createTcpTraffic(files, name => files.openOn(name) > 0 || isInside(name));
  const udp = createUdpTraffic();
  const found = new Map<number, Found>();

  /** A socket is there from now on; `known`: what it had before the first entry. */
  const makes: Readonly<Record<TransportId, (name: string, known?: SocketState) => void>> = {
    tcp: tcp.made,
    udp: (name, known) => udp.made(name, inetOrNull(known?.local), inetOrNull(known?.peer)),
    // Never on a wire.
    unix: () => {},
    unixgram: () => {},
  };
  const made = (kind: Kind, name: string, known?: SocketState): void =>
    makes[transportOf(kind).id](name, known);

  const standing = ({ sockets, files: objects, calls: flying }: BenchState) => {
    for (const socket of sockets.values()) {
      if (socket.closed) continue;
      made(socket, socket.name, socket);
    }
    for (const { name, socket, unflushed } of objects.values()) files.open(name, socket, unflushed);
    for (const { id, call, taken, startedAt } of flying.values())
      if (startedAt !== null) inFlight(id, call, taken);
  };

  const inFlight = (id: number, call: Call, taken = 0) => {
    if (call.on !== '') inside.set(id, files.socketOf(call.on));
    const pieces = files.outgoing(call, null);
    if (pieces) tcp.sending(id, files.socketOf(call.on), pieces, taken);
  };

  /** What a look-up found stands in for a name; every interface is this machine, as Linux connects to it. */
  const goesTo = (address: Endpoint, known: Found | undefined): InetEndpoint | null => {
    const goal = resolved(address, known?.answers);
    if (!isInet(goal)) return null;
    const { host, port } = goal;
    return inet(isWildcard(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host, port);
  };

  const isLiteral = ({ host, port }: InetEndpoint): boolean =>
    familyOf(host) !== null && typeof port === 'number';

  const lookedUp = ({ call, inside, outcome, t }: EndedEntry) => {
    found.set(inside, { answers: withLookup(found.get(inside)?.answers, call, outcome), t });
  };

  const learned = (name: string, local: Endpoint | undefined) => {
    if (!local || !isInet(local)) return;
    tcp.learned(name, local);
    udp.learned(name, local);
  };

  /** With the address of its socket, where that was told elsewhere. */
  const located = (entry: EndedEntry): EndedEntry => {
    const { outcome, n } = entry;
    const local = ends.get(n);
    if (!local || (outcome.kind !== 'made' && outcome.kind !== 'none')) return entry;
    return { ...entry, outcome: { ...outcome, local: outcome.local ?? local } };
  };

  const connected = (entry: EndedEntry, address: Endpoint) => {
    const { call, outcome, startedAt, id } = entry;
    if (startedAt === null) return;
    const known = found.get(id);
    const to = goesTo(address, known);
    if (!to) return;
    if (tcp.has(call.on)) {
      learned(call.on, ends.get(entry.n));
      if (isLiteral(to)) tcp.connected(located(entry), to, known?.t ?? startedAt);
      return;
    }
    if (outcome.kind !== 'none') return;
    learned(call.on, outcome.local);
    udp.connected(call.on, inetOrNull(outcome.peer) ?? to);
  };

  const sent = (entry: EndedEntry) => {
    const { call, outcome, id, startedAt, t, seen } = entry;
    const name = files.socketOf(call.on);
    const pieces = files.outgoing(call, outcome);
    files.ended(call, outcome);
    if (!pieces || (calls[call.name].ends === 'descriptor' && pieces.length === 0)) return;
    if (tcp.has(name)) return tcp.sent(entry, name, pieces);
    if (outcome.kind === 'error' || (files.isFile(call.on) && pieces.length === 0)) return;
    if (sentOf(call, outcome, piecesLength(pieces)) < piecesLength(pieces)) return;
    if (outcome.kind === 'count') learned(name, outcome.local);
    const to = 'address' in call ? goesTo(call.address, found.get(id)) : null;
    udp.sent(name, to, pieces, seen ? t : (startedAt ?? t));
  };

  const received = (entry: EndedEntry) => {
    const { call, outcome } = entry;
    // Of a file object that was closed meanwhile only the call's beginning knows the socket.
    const name = inside.get(entry.id) ?? files.socketOf(call.on);
    if (peeks(call)) return;
    if (tcp.has(name)) return tcp.received(entry, name, isEof(outcome, call) && call.name !== 'read');
    udp.received(entry, name);
  };

  const closed = (entry: EndedEntry, how: 'close' | 'reset') => {
    const { call, outcome, t } = entry;
    if (files.isFile(call.on)) {
      const socket = files.socketOf(call.on);
      sent(entry);
      return tcp.released(socket, t);
    }
    if (outcome.kind !== 'error') tcp.closed(call.on, t, how);
  };

  const ended = (entry: EndedEntry) => {
    const { call, outcome } = entry;
    if (entry.inside !== 0) return lookedUp(entry);
    switch (call.name) {
      case 'socket':
        if (outcome.kind !== 'made') return;
        return made(call, outcome.name);
      case 'bind':
      case 'listen':
        return learned(call.on, outcome.kind === 'none' ? outcome.local : undefined);
      case 'getsockname':
        return learned(call.on, outcome.kind === 'endpoint' ? outcome.endpoint : undefined);
      case 'connect':
        return connected(entry, call.address);
      case 'accept':
        return tcp.accepted(located(entry));
      case 'makefile':
        return outcome.kind === 'made' ? files.open(outcome.name, call.on) : undefined;
      case 'send':
      case 'sendall':
      case 'sendto':
      case 'write':
      case 'flush':
        return sent(entry);
      case 'recv':
      case 'recvfrom':
      case 'read':
      case 'readline':
        return received(entry);
      case 'shutdown':
        if (outcome.kind === 'error') return;
        return tcp.shut(call.on, entry.t, call.how !== 'SHUT_RD', call.how !== 'SHUT_WR');
      case 'close':
      case 'reset':
        return closed(entry, call.name);
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

  const running = (entry: RunningEntry) => {
    const { id, call, inside } = entry;
    if (inside === 0 && !isBare(entry)) inFlight(id, call);
  };

  const sampled = ({ taken, sockets, readAt, t }: SampleEntry) => {
    for (const { id, bytes } of taken) tcp.took(id, bytes, t);
    for (const sample of sockets) {
      learned(sample.socket, sample.local);
      tcp.sampled(sample, readAt);
    }
  };

  const take = (entry: Entry) => {
    switch (entry.kind) {
      case 'running':
        return running(entry);
      case 'ended': {
        if (isBare(entry)) return;
        ended(entry);
        const left = inside.get(entry.id);
        if (left !== undefined && inside.delete(entry.id)) tcp.released(left, entry.t);
        return;
      }
      case 'sample':
        return sampled(entry);
      case 'event':
        if (entry.event === 'late') tcp.late(entry.socket, entry.bytes, entry.t);
        return;
      default:
        return;
    }
  };

  return { standing, take, tcp, udp };
};

/**
 * What could be seen of the session from outside, in the order of time: handshakes, bytes, ends of streams, datagrams.
 * A stream between two sockets of the bench comes once, as it was sent; of a foreign peer what was received from it.
 */
export const trafficOf = (entries: readonly Entry[]): TrafficEvent[] => {
  const { standing, take, tcp, udp } = createTraffic(tracedProcesses(entries), tracedEnds(entries));
  const [first] = entries;
  if (first?.kind === 'checkpoint') standing(first.state);
  for (const entry of entries) take(entry);
  const events: TrafficEvent[] = [
    ...tcp.events().map(event => ({ kind: 'tcp', event }) as const),
    ...udp.datagrams().map(datagram => ({ kind: 'udp', datagram }) as const),
  ];
  return events.sort((a, b) => timeOf(a) - timeOf(b));
};
