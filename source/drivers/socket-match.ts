import { SocketAddress } from 'node:net';
import type { Endpoint, Family, SocketType } from '../core/names.ts';
import type { NetRow, NetTable } from '../core/proc-net.ts';

/**
 * A socket to look for. `local` has port 0 where it is not known yet (a connect that has just begun); `peer` is
 * null for a listener or a datagram socket without a default peer. `fd`, where given, tells apart sockets that
 * addresses cannot (two connects to one full listener, two datagram sockets on one port).
 */
export type Observed = {
  readonly name: string;
  readonly type: SocketType;
  readonly family: Family;
  readonly local: Endpoint;
  readonly peer: Endpoint | null;
  readonly fd?: number;
};

/** What of this process's open files is asked for only where addresses do not decide. */
export type OwnFiles = {
  /** The inode of the socket behind a file descriptor; 0 where it is none. */
  readonly inodeOf: (fd: number) => number;
  /** The inodes of every socket this process has open. */
  readonly inodes: () => ReadonlySet<number>;
};

export const tableOf = (socket: Observed): NetTable =>
  `${socket.type === 'SOCK_STREAM' ? 'tcp' : 'udp'}${socket.family === 'AF_INET6' ? '6' : ''}`;

/** The port as a number; 0 where it is a name that was never looked up. */
export const portNumber = ({ port }: Endpoint): number =>
  typeof port === 'number' ? port : Number(port) || 0;

/** A host as rows have it: canonical, without a scope, v4-mapped as IPv4; '' (every interface) by family. */
const canonical = (host: string, family: Family): string => {
  if (host === '') return family === 'AF_INET6' ? '::' : '0.0.0.0';
  if (!host.includes(':')) return host;
  const [bare = ''] = host.split('%');
  try {
    const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
    return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  } catch {
    return host;
  }
};

const text = (host: string, port: number): string => `${host} ${port}`;

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Rows of one table, found by both addresses or by the remote one; each index is made when first asked for. */
type Index = {
  readonly pair: (local: string, remote: string) => readonly NetRow[];
  readonly remote: (remote: string) => readonly NetRow[];
};

const none: readonly NetRow[] = [];

const groupBy = (
  rows: readonly NetRow[],
  key: (row: NetRow) => string,
): ((key: string) => readonly NetRow[]) => {
  let groups: Map<string, NetRow[]> | null = null;
  return wanted => {
    if (!groups) {
      groups = new Map();
      for (const row of rows) {
        const group = groups.get(key(row));
        if (group) group.push(row);
        else groups.set(key(row), [row]);
      }
    }
    return groups.get(wanted) ?? none;
  };
};

const remoteOf = (row: NetRow): string =>
  row.remote.port === 0 ? '*' : text(row.remote.host, portNumber(row.remote));

const indexOf = (rows: readonly NetRow[]): Index => {
  const pairs = groupBy(rows, row => `${text(row.local.host, portNumber(row.local))} ${remoteOf(row)}`);
  return { pair: (local, remote) => pairs(`${local} ${remote}`), remote: groupBy(rows, remoteOf) };
};

/** Rows that the socket's addresses allow: one, as a rule. */
const candidates = (socket: Observed, index: Index): readonly NetRow[] => {
  const host = canonical(socket.local.host, socket.family);
  const port = portNumber(socket.local);
  const { peer } = socket;
  const remote = peer ? text(canonical(peer.host, socket.family), portNumber(peer)) : '*';
  if (port === 0 && !peer) return none;
  if (port !== 0) {
    const exact = index.pair(text(host, port), remote);
    const listeners = peer === null && socket.type === 'SOCK_STREAM';
    if (exact.length > 0) return listeners ? exact.filter(row => row.state === 'LISTEN') : exact;
    if (!peer || !isWildcard(host)) return none;
  }
  return index.remote(remote).filter(row => port === 0 || row.local.port === port);
};

/** The one row that is this socket's, or undefined rather than a guess. */
const choose = (socket: Observed, rows: readonly NetRow[], files: OwnFiles): NetRow | undefined => {
  const connecting = portNumber(socket.local) === 0;
  if (rows.length === 0 || (rows.length === 1 && !connecting)) return rows[0];
  if (socket.fd !== undefined) {
    const inode = files.inodeOf(socket.fd);
    return rows.find(row => inode !== 0 && row.inode === inode);
  }
  const own = rows.filter(row => (!connecting || row.state === 'SYN-SENT') && files.inodes().has(row.inode));
  return own.length === 1 ? own[0] : undefined;
};

/**
 * The row of each socket that has one. A socket the kernel lists nowhere (not bound, or long gone), or that two
 * rows might be, is left out.
 */
export const matchRows = (
  sockets: readonly Observed[],
  rowsOf: (table: NetTable) => readonly NetRow[],
  files: OwnFiles,
): Map<Observed, NetRow> => {
  const indexes = new Map<NetTable, Index>();
  const found = new Map<Observed, NetRow>();
  for (const socket of sockets) {
    const table = tableOf(socket);
    let index = indexes.get(table);
    if (!index) {
      index = indexOf(rowsOf(table));
      indexes.set(table, index);
    }
    const row = choose(socket, candidates(socket, index), files);
    if (row) found.set(socket, row);
  }
  return found;
};
