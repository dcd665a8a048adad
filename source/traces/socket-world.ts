import { formatEndpoint } from '../core/address.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { isLoopback, isWildcard } from '../core/ip.ts';
import { type NetRow, type NetTable, parseNetTable } from '../core/proc-net.ts';
import type { UnixSocket } from '../core/socket-facts.ts';
import { connectionKey, sameEndpoint } from '../core/twins.ts';
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
export type KernelSocket = Pick<NetRow, 'rcvQ' | 'sndQ' | 'timer' | 'timerMs' | 'retransmits'> & {
  readonly inode: number;
  readonly transport: 'tcp' | 'udp' | 'unix';
  /** As ss writes it; of a Unix socket LISTEN, ESTAB or UNCONN. */
  readonly state: string;
  readonly type: 'stream' | 'datagram' | 'packets';
  readonly local: string;
  readonly remote: string;
  readonly port: number;
  /** Nothing more is received, or sent, on it: Unix sockets only. */
  readonly shut: number;
  readonly peer: Peer;
};

/** The sockets of a network namespace by inode, each made when it is first asked for. */
export type SocketWorld = {
  readonly socketOf: (inode: number) => KernelSocket | undefined;
  /** Sockets with this local port, TCP's and UDP's; listeners first. */
  readonly onPort: (port: number) => readonly number[];
  /** The inode that has these two addresses, of TCP: 0 where none has. */
  readonly between: (local: Endpoint, remote: Endpoint) => number;
};

const tables: Readonly<Record<'tcp' | 'udp', readonly NetTable[]>> = {
  tcp: ['tcp', 'tcp6'],
  udp: ['udp', 'udp6'],
};

type Row = NetRow;

/** Only these have states of TCP's: a row of UDP is UNCONN, or ESTAB where it is connected. */
type Protocol = 'tcp' | 'udp';

type Rows = {
  readonly udp: ReadonlySet<Row>;
  readonly byInode: ReadonlyMap<number, Row>;
  readonly byPair: ReadonlyMap<string, Row>;
  readonly listeners: ReadonlyMap<number, readonly Row[]>;
  readonly datagrams: ReadonlyMap<number, readonly Row[]>;
};

const pairKey = (protocol: Protocol, local: Endpoint, remote: Endpoint): string =>
  `${protocol} ${connectionKey(local, remote)}`;

const addTo = (groups: Map<number, Row[]>, port: number, row: Row): void => {
  const group = groups.get(port);
  if (group) group.push(row);
  else groups.set(port, [row]);
};

const sortRows = (tcp: readonly Row[], udp: readonly Row[]): Rows => {
  const byInode = new Map<number, Row>();
  const byPair = new Map<string, Row>();
  const listeners = new Map<number, Row[]>();
  const datagrams = new Map<number, Row[]>();
  const add = (protocol: Protocol, row: Row) => {
    if (row.inode !== 0) byInode.set(row.inode, row);
    if (row.remote.port !== 0) byPair.set(pairKey(protocol, row.local, row.remote), row);
  };
  for (const row of tcp) {
    add('tcp', row);
    if (row.state === 'LISTEN') addTo(listeners, Number(row.local.port), row);
  }
  for (const row of udp) {
    add('udp', row);
    addTo(datagrams, Number(row.local.port), row);
  }
  return { udp: new Set(udp), byInode, byPair, listeners, datagrams };
};

const readRows = (proc: ProcFiles, pid: number, protocol: Protocol): Row[] =>
  tables[protocol].flatMap(table => parseNetTable(orElse(proc.read(`${pid}/net/${table}`), ''), table));

const bound = (rows: readonly Row[] | undefined, to: Endpoint): readonly Row[] =>
  (rows ?? []).filter(({ local }) => isWildcard(local.host) || sameEndpoint(local, to));

const inodes = (rows: readonly Row[]): number[] =>
  rows.map(({ inode }) => inode).filter(inode => inode !== 0);

/** The other end, where it is of this namespace; null where it is not here. */
const peerHere = (rows: Rows, row: Row): Peer | null => {
  const { local, remote } = row;
  if (remote.port === 0) return { kind: 'none' };
  const udp = rows.udp.has(row);
  const partner = rows.byPair.get(pairKey(udp ? 'udp' : 'tcp', remote, local));
  if (partner && partner.inode !== 0) return { kind: 'socket', inode: partner.inode };
  if (udp) {
    const [first, second] = inodes(bound(rows.datagrams.get(Number(remote.port)), remote));
    return first === undefined || second !== undefined ? null : { kind: 'socket', inode: first };
  }
  const waits =
    !partner || partner.state === 'ESTAB' || partner.state === 'SYN-RECV' || partner.state === 'CLOSE-WAIT';
  if (partner ? waits : row.state === 'SYN-SENT') {
    const listeners = inodes(bound(rows.listeners.get(Number(remote.port)), remote));
    return listeners.length > 0 ? { kind: 'queued', listeners } : null;
  }
  return partner || isLoopback(remote.host) ? { kind: 'gone' } : null;
};

/** Addresses are made text when they are asked for: of a thousand sockets a few are told. */
const inetSocket = (row: Row, transport: Protocol, peer: Peer): KernelSocket => ({
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
  port: Number(row.local.port),
  rcvQ: row.rcvQ,
  sndQ: row.sndQ,
  timer: row.timer,
  timerMs: row.timerMs,
  retransmits: row.retransmits,
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

const unixSocket = (row: UnixRow, asked: UnixSocket | undefined): KernelSocket => ({
  inode: row.inode,
  transport: 'unix',
  type: row.type,
  state: row.state,
  local: row.path,
  remote: '',
  port: 0,
  rcvQ: asked?.rcvQ ?? 0,
  sndQ: asked?.sndQ ?? 0,
  timer: 'none',
  timerMs: 0,
  retransmits: 0,
  shut: asked?.shut ?? 0,
  peer: unixPeer(row, asked),
});

/**
 * The sockets of the network namespace that this process is in. `unix` has the kernel's answers about Unix sockets, null where
 * it cannot be asked; `outside` finds the peer of a connection that leads out of the namespace, 0 where nobody has it.
 */
export const readSocketWorld = (
  proc: ProcFiles,
  pid: number,
  unix: () => readonly UnixSocket[] | null,
  outside: (local: Endpoint, remote: Endpoint) => number,
): SocketWorld => {
  const rows = sortRows(readRows(proc, pid, 'tcp'), readRows(proc, pid, 'udp'));
  const made = new Map<number, KernelSocket | undefined>();
  let unixRows: ReadonlyMap<number, UnixRow> | null = null;
  let asked: ReadonlyMap<number, UnixSocket> | null = null;
  const outsidePeer = (row: Row): Peer => {
    const inode = rows.udp.has(row) ? 0 : outside(row.remote, row.local);
    return inode === 0 ? { kind: 'elsewhere' } : { kind: 'socket', inode };
  };
  const make = (inode: number): KernelSocket | undefined => {
    const row = rows.byInode.get(inode);
    if (row) {
      const protocol = rows.udp.has(row) ? 'udp' : 'tcp';
      return inetSocket(row, protocol, peerHere(rows, row) ?? outsidePeer(row));
    }
    unixRows ??= new Map(
      parseUnixTable(orElse(proc.read(`${pid}/net/unix`), '')).map(one => [one.inode, one]),
    );
    const unixRow = unixRows.get(inode);
    if (!unixRow) return undefined;
    asked ??= new Map((unix() ?? []).map(one => [one.inode, one]));
    return unixSocket(unixRow, asked.get(inode));
  };
  return {
    socketOf: inode => {
      if (!made.has(inode)) made.set(inode, make(inode));
      return made.get(inode);
    },
    onPort: port =>
      [...rows.byInode.values()]
        .filter(({ local }) => local.port === port)
        .sort((a, b) => Number(b.state === 'LISTEN') - Number(a.state === 'LISTEN'))
        .map(({ inode }) => inode),
    between: (local, remote) => rows.byPair.get(pairKey('tcp', local, remote))?.inode ?? 0,
  };
};
