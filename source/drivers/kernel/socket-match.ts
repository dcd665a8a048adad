import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import { addressAlone, familyOf, isWildcard, withWildcard } from '../../core/addresses/ip.ts';
import type { InetFamily } from '../../core/model/names.ts';
import type { InetObserved } from '../../core/model/observer.ts';
import type { NetRow, NetTable } from '../../core/model/proc-net.ts';
import { internet } from '../../core/model/transports.ts';

/**
 * This process's open files, asked only where addresses do not decide: connects to one full listener, whose ports
 * are not known yet, or datagram sockets on one port.
 */
export type OwnFiles = {
  /** The inode of the socket of this name; 0 where that is not known. */
  readonly inodeOf: (name: string) => number;
  /** The inodes of every socket this process has open. */
  readonly inodes: () => ReadonlySet<number>;
};

const suffix = { AF_INET: '', AF_INET6: '6' } as const satisfies Readonly<Record<InetFamily, string>>;

export const tableOf = ({ type, family }: InetObserved): NetTable => `${internet[type]}${suffix[family]}`;

/** The port as a number; 0 where there is no address yet, or the port is a name that was never looked up. */
export const portNumber = (endpoint: InetEndpoint | null): number => Number(endpoint?.port ?? 0) || 0;

/** Whether rows can be compared with it: an address and a port number, not names. */
export const isLiteral = (endpoint: InetEndpoint): boolean =>
  portNumber(endpoint) !== 0 && familyOf(endpoint.host) !== null;

/** An address as a key. */
const keyOf = (host: string, port: number): string => `${addressAlone(host)} ${port}`;

/** The same of a row's, which is spelled so already: of a thousand connections that is asked for each of their two rows. */
const rowKey = ({ host, port }: InetEndpoint): string => `${host} ${port}`;

/** Rows of one table, found by both addresses or by the remote one; each index is made when first asked for. */
type Index = {
  readonly rows: readonly NetRow[];
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
        const own = key(row);
        const group = groups.get(own);
        if (group) group.push(row);
        else groups.set(own, [row]);
      }
    }
    return groups.get(wanted) ?? none;
  };
};

const remoteOf = ({ remote }: NetRow): string => (remote.port === 0 ? '*' : rowKey(remote));

const indexOf = (rows: readonly NetRow[]): Index => {
  const pairs = groupBy(rows, row => `${rowKey(row.local)} ${remoteOf(row)}`);
  return { rows, pair: (local, remote) => pairs(`${local} ${remote}`), remote: groupBy(rows, remoteOf) };
};

/** Rows that fit what is known of a connection whose peer was named and not looked up here. */
const byPorts = (local: number, peer: number, { rows }: Index): readonly NetRow[] =>
  rows.filter(
    row =>
      row.remote.port !== 0 &&
      (local === 0 || row.local.port === local) &&
      (peer === 0 || row.remote.port === peer),
  );

/** Rows that the socket's addresses allow: one, as a rule. */
const candidates = (socket: InetObserved, index: Index): readonly NetRow[] => {
  const { family, local, peer } = socket;
  const host = withWildcard(local?.host ?? '', family);
  const port = portNumber(local);
  if (peer && !isLiteral(peer)) return byPorts(port, portNumber(peer), index);
  const remote = peer ? keyOf(peer.host, portNumber(peer)) : '*';
  if (port !== 0) {
    const exact = index.pair(keyOf(host, port), remote);
    if (exact.length > 0) return exact.filter(row => socket.listening === (row.state === 'LISTEN'));
  }
  if (!peer || (port !== 0 && !isWildcard(host))) return none;
  return index.remote(remote).filter(row => port === 0 || row.local.port === port);
};

/** The one row that is this socket's, or undefined rather than a guess. */
const choose = (socket: InetObserved, rows: readonly NetRow[], files: OwnFiles): NetRow | undefined => {
  const connecting = portNumber(socket.local) === 0;
  if (rows.length === 0 || (rows.length === 1 && !connecting)) return rows[0];
  const inode = files.inodeOf(socket.name);
  if (inode !== 0) return rows.find(row => row.inode === inode);
  const own = rows.filter(row => (!connecting || row.state === 'SYN-SENT') && files.inodes().has(row.inode));
  return own.length === 1 ? own[0] : undefined;
};

/**
 * The row of each socket that has one. A socket the kernel lists nowhere (not bound, or long gone), or that two
 * rows might be, is left out.
 */
export const matchRows = (
  sockets: readonly InetObserved[],
  rowsOf: (table: NetTable) => readonly NetRow[],
  files: OwnFiles,
): Map<InetObserved, NetRow> => {
  const indexes = new Map<NetTable, Index>();
  const found = new Map<InetObserved, NetRow>();
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
