import { formatEndpoint } from '../../core/addresses/address.ts';
import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import { isLoopback, isWildcard } from '../../core/addresses/ip.ts';
import { sameEndpoint } from '../../core/addresses/twins.ts';
import type { NetLine } from '../../core/model/net-line.ts';
import type { NetRow, NetTable, RowState } from '../../core/model/proc-net.ts';
import type { SocketFacts, UnixSocket } from '../../core/model/socket-facts.ts';
import { hasPeer, localPort, netLines, rowOf, stateOf, swapped, userOf } from './net-lines.ts';
import { lazy, once } from './once.ts';
import { orElse, type ProcFiles } from './proc-files.ts';
import { parseUnixTable, type UnixRow } from './unix-table.ts';

/**
 * Who is at the other end.
 *
 * - `socket`: a socket of this machine. `queued`: nobody yet: the connection waits to be accepted, or to be taken into the
 *   queue, at one of these listeners
 * - `gone`: no socket has it any more. `elsewhere`: another machine, as far as can be seen. `none`: it has no peer
 * - `unknown`: the kernel was not asked, or does not tell
 */
export type Peer =
  | { readonly kind: 'socket'; readonly inode: number }
  | { readonly kind: 'queued'; readonly listeners: readonly number[] }
  | { readonly kind: 'gone' | 'elsewhere' | 'none' | 'unknown' };

/** A socket of any process, as the kernel's tables have it. Queues as NetRow has them. */
export type KernelSocket = Pick<NetRow, 'rcvQ' | 'sndQ' | 'timer' | 'timerMs' | 'retransmits' | 'drops'> & {
  readonly inode: number;
  readonly transport: 'tcp' | 'udp' | 'unix';
  /** As ss writes it; of a Unix socket LISTEN, ESTAB or UNCONN. */
  readonly state: string;
  readonly type: 'stream' | 'datagram' | 'packets';
  readonly local: string;
  readonly remote: string;
  /** The same as data: of the internet's families alone. */
  readonly ends: Pick<NetRow, 'local' | 'remote'> | null;
  readonly port: number;
  /** Nothing more is received, or sent, on it: Unix sockets only. */
  readonly shut: number;
  readonly peer: Peer;
};

/** The sockets of a network namespace by inode, each made when it is first asked for. */
export type SocketWorld = {
  readonly socketOf: (inode: number) => KernelSocket | undefined;
  /** Of a socket, without making all of it: of a thousand connections the ends are looked for. */
  readonly peerOf: (inode: number) => Peer | undefined;
  readonly stateOf: (inode: number) => string | undefined;
  /** Whether it is TCP's or UDP's. */
  readonly isInternets: (inode: number) => boolean;
  /** Sockets with this local port, TCP's and UDP's; listeners first. */
  readonly onPort: (port: number) => readonly number[];
  /** All that a file is open on; of a user alone only TCP's and UDP's, since of the others the table does not say whose they are. */
  readonly inodesOf: (user: number | 'all') => readonly number[];
  /** The inode that has these two addresses (NetLine), of TCP: 0 where none has. */
  readonly between: (pair: string) => number;
};

/** Only these have states of TCP's: a row of UDP is UNCONN, or ESTAB where it is connected. */
type Protocol = 'tcp' | 'udp';

/** `bound`, by the local port: those that have no peer: listeners, datagram sockets that take from anybody. */
type Rows = {
  readonly protocol: Protocol;
  readonly byInode: ReadonlyMap<number, NetLine>;
  readonly byPair: ReadonlyMap<string, NetLine>;
  readonly bound: ReadonlyMap<number, readonly NetLine[]>;
};

/**
 * The rows of a protocol. IPv6's table is read where IPv4's does not answer, `whole` has both: to read one the kernel walks all
 * places of its hash table, whatever stands there (net/ipv4/tcp_ipv4.c).
 */
const readRows = (read: (table: NetTable) => readonly NetLine[], protocol: Protocol) => {
  const byInode = new Map<number, NetLine>();
  const byPair = new Map<string, NetLine>();
  const bound = new Map<number, NetLine[]>();
  const rows: Rows = { protocol, byInode, byPair, bound };
  const add = (table: NetTable): Rows => {
    for (const line of read(table)) {
      // The kernel may list a socket twice (parseNetTable), in what it answers through netlink as well.
      if (byInode.has(line.inode)) continue;
      if (line.inode !== 0) byInode.set(line.inode, line);
      if (hasPeer(line.pair)) byPair.set(line.pair, line);
      else {
        const list = bound.get(localPort(line));
        if (list) list.push(line);
        else bound.set(localPort(line), [line]);
      }
    }
    return rows;
  };
  return { first: add(protocol), whole: lazy(() => add(`${protocol}6`)) };
};

type Tables = ReturnType<typeof readRows>;

/** The inodes of those that take what is sent, or connected, to an address. */
const takersAt = ({ bound }: Rows, to: InetEndpoint): readonly number[] =>
  (bound.get(Number(to.port)) ?? [])
    .filter(({ inode }) => inode !== 0)
    .filter(line => {
      const local = rowOf(line)?.local;
      return local !== undefined && (isWildcard(local.host) || sameEndpoint(local, to));
    })
    .map(({ inode }) => inode);

/** States of the end of a connection that no file is open on: it waits to be accepted. */
const unaccepted: readonly RowState[] = ['ESTAB', 'SYN-RECV', 'CLOSE-WAIT'];

/** The other end, where it is of this namespace; null where it is not here. */
const peerHere = ({ first, whole }: Tables, line: NetLine): Peer | null => {
  const { pair } = line;
  if (!hasPeer(pair)) return { kind: 'none' };
  const partner = first.byPair.get(swapped(pair)) ?? whole().byPair.get(swapped(pair));
  if (partner && partner.inode !== 0) return { kind: 'socket', inode: partner.inode };
  const rows = whole();
  const remote = rowOf(line)?.remote;
  if (!remote) return null;
  if (rows.protocol === 'udp') {
    const [first, second] = takersAt(rows, remote);
    return first === undefined || second !== undefined ? null : { kind: 'socket', inode: first };
  }
  if (partner ? unaccepted.includes(stateOf(partner)) : stateOf(line) === 'SYN-SENT') {
    const listeners = takersAt(rows, remote);
    return listeners.length > 0 ? { kind: 'queued', listeners } : null;
  }
  return partner || isLoopback(remote.host) ? { kind: 'gone' } : null;
};

/** Addresses are made text when they are asked for: of a thousand sockets a few are told. */
const inetSocket = (row: NetRow, transport: Protocol, peer: Peer): KernelSocket => ({
  inode: row.inode,
  transport,
  type: transport === 'tcp' ? 'stream' : 'datagram',
  state: row.state,
  get local() {
    return formatEndpoint(row.local);
  },
  get remote() {
    return row.remote.port === 0 ? '' : formatEndpoint(row.remote);
  },
  ends: row,
  port: Number(row.local.port),
  rcvQ: row.rcvQ,
  sndQ: row.sndQ,
  timer: row.timer,
  timerMs: row.timerMs,
  retransmits: row.retransmits,
  drops: row.drops,
  shut: 0,
  peer,
});

const unixPeer = (row: UnixRow, asked: UnixSocket | undefined): Peer => {
  if (row.state !== 'ESTAB') return { kind: 'none' };
  if (!asked) return { kind: 'unknown' };
  if (asked.peer !== 0) return { kind: 'socket', inode: asked.peer };
  // A connection in a listener's queue has no inode yet; the end of one that was closed has shut this one.
  return { kind: asked.shut === 0 ? 'unknown' : 'gone' };
};

const unixSocket = (row: UnixRow, asked: UnixSocket | undefined, peer: Peer): KernelSocket => ({
  inode: row.inode,
  transport: 'unix',
  type: row.type,
  state: row.state,
  local: row.path,
  remote: '',
  ends: null,
  port: 0,
  rcvQ: asked?.rcvQ ?? 0,
  sndQ: asked?.sndQ ?? 0,
  timer: 'none',
  timerMs: 0,
  retransmits: 0,
  drops: 0,
  shut: asked?.shut ?? 0,
  peer,
});

/**
 * The sockets of the network namespace that this process is in. `facts` has the kernel's answers where that is the namespace of
 * whoever asks; `outside` finds the peer of a connection that leads out of the namespace by the addresses that it has, 0
 * where nobody has it.
 */
export const readSocketWorld = (
  proc: ProcFiles,
  pid: number,
  facts: Pick<SocketFacts, 'unixSockets' | 'tcpLines'> | null,
  outside: (pair: string) => number,
): SocketWorld => {
  const read = (table: NetTable): readonly NetLine[] =>
    (table === 'tcp' || table === 'tcp6' ? facts?.tcpLines(table) : null) ??
    netLines(orElse(proc.read(`${pid}/net/${table}`), ''), table);
  const tcp = readRows(read, 'tcp');
  const udp = lazy(() => readRows(read, 'udp'));
  const unixRows = lazy(
    () => new Map(parseUnixTable(orElse(proc.read(`${pid}/net/unix`), '')).map(one => [one.inode, one])),
  );
  const asked = lazy(() => new Map((facts?.unixSockets() ?? []).map(one => [one.inode, one])));

  const outsidePeer = (protocol: Protocol, { pair }: NetLine): Peer => {
    const inode = protocol === 'udp' ? 0 : outside(swapped(pair));
    return inode === 0 ? { kind: 'elsewhere' } : { kind: 'socket', inode };
  };
  // The table of Unix sockets has no places without one: it is read before those that most inodes are not in.
  const lineOf = (inode: number): NetLine | undefined => {
    const line = tcp.first.byInode.get(inode);
    if (line || unixRows().has(inode)) return line;
    return tcp.whole().byInode.get(inode) ?? udp().whole().byInode.get(inode);
  };
  const protocolOf = ({ table }: NetLine): Protocol => (table.startsWith('tcp') ? 'tcp' : 'udp');
  const tablesOf = (line: NetLine): Tables => (protocolOf(line) === 'tcp' ? tcp : udp());
  const linesOf = ({ whole }: Tables) => [...whole().byInode.values()];
  const peerOf = once((inode: number): Peer | undefined => {
    const line = lineOf(inode);
    if (line) return peerHere(tablesOf(line), line) ?? outsidePeer(protocolOf(line), line);
    const row = unixRows().get(inode);
    return row && unixPeer(row, asked().get(inode));
  });
  const socketOf = once((inode: number): KernelSocket | undefined => {
    const peer = peerOf(inode);
    if (!peer) return undefined;
    const line = lineOf(inode);
    const row = line && rowOf(line);
    if (row) return inetSocket(row, protocolOf(line), peer);
    if (line) return undefined;
    return unixSocket(unixRows().get(inode)!, asked().get(inode), peer);
  });
  return {
    socketOf,
    peerOf,
    stateOf: inode => {
      const line = lineOf(inode);
      return line ? stateOf(line) : unixRows().get(inode)?.state;
    },
    isInternets: inode => lineOf(inode) !== undefined,
    onPort: port =>
      [...linesOf(tcp), ...linesOf(udp())]
        .filter(line => localPort(line) === port)
        .sort((a, b) => Number(stateOf(b) === 'LISTEN') - Number(stateOf(a) === 'LISTEN'))
        .map(({ inode }) => inode),
    inodesOf: user => {
      const lines = [...linesOf(tcp), ...linesOf(udp())];
      if (user !== 'all') return lines.filter(line => userOf(line) === user).map(({ inode }) => inode);
      return [...lines.map(({ inode }) => inode), ...unixRows().keys()].filter(inode => inode !== 0);
    },
    between: pair => (tcp.first.byPair.get(pair) ?? tcp.whole().byPair.get(pair))?.inode ?? 0,
  };
};
