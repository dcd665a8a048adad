import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import { addressAlone, isWildcard, withWildcard } from '../../core/addresses/ip.ts';
import type { InetObserved } from '../../core/model/observer.ts';
import type { NetRow } from '../../core/model/proc-net.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { type DiagReader, openDiagReader } from './diag-reader.ts';
import type { DiagQuery } from './sock-diag.ts';
import { isLiteral, type OwnFiles, portNumber } from './socket-match.ts';

/**
 * What asking socket by socket gave: rows; sockets that the kernel answered it does not have; and those that cannot be
 * asked for by address, because it is not known yet or another socket has the same.
 */
export type DiagFinding = {
  readonly found: ReadonlyMap<InetObserved, NetRow>;
  readonly missed: readonly InetObserved[];
  readonly unclear: readonly InetObserved[];
};

/** The kernel asked for each socket by its addresses: a few microseconds a socket, whatever other sockets there are. */
export type DiagView = {
  /** null where the kernel stopped answering. */
  readonly find: (sockets: readonly InetObserved[], files: OwnFiles) => DiagFinding | null;
  readonly close: () => void;
};

type Asked = { readonly socket: InetObserved; readonly query: DiagQuery; readonly key: string };

const keyOf = ({ family, type, local, remote }: DiagQuery): string =>
  `${family} ${type} ${local.host} ${local.port} ${remote?.host} ${remote?.port}`;

const isHere = ({ family, local }: DiagQuery, row: NetRow): boolean =>
  row.local.port === portNumber(local) &&
  addressAlone(row.local.host) === addressAlone(withWildcard(local.host, family));

/** The kernel answers with the nearest socket it has: it must be the one that was meant. */
const isMeant = ({ socket, query }: Asked, row: NetRow, files: OwnFiles): boolean => {
  if (!isHere(query, row) || socket.listening !== (row.state === 'LISTEN')) return false;
  if (shakesHands(socket)) return true;
  const inode = files.inodeOf(socket.name);
  return inode === 0 || inode === row.inode;
};

/** Two sockets on one address, as datagram sockets can be, would both get the row of one of them. */
const sort = (asked: readonly (Asked | null)[], sockets: readonly InetObserved[]) => {
  const counts = new Map<string, number>();
  for (const one of asked) if (one) counts.set(one.key, (counts.get(one.key) ?? 0) + 1);
  const single = asked.filter(one => one !== null && counts.get(one.key) === 1) as Asked[];
  const clear = new Set(single.map(({ socket }) => socket));
  return { single, unclear: sockets.filter(socket => !clear.has(socket)) };
};

export const openDiagView = (fdOf: (name: string) => number | undefined): DiagView | null => {
  const reader = openDiagReader();
  return reader && createDiagView(reader, fdOf);
};

const createDiagView = (reader: DiagReader, fdOf: (name: string) => number | undefined): DiagView => {
  const localOf = ({ name, local, peer, family }: InetObserved): InetEndpoint | null => {
    // A connection has an address of its own: the wildcard it was bound to is out of date.
    const stale = local !== null && peer !== null && isWildcard(local.host);
    if (local && !stale && isLiteral({ ...local, host: withWildcard(local.host, family) })) return local;
    const fd = fdOf(name);
    const bound = fd === undefined || fd < 0 ? null : reader.localOf(fd);
    return bound && portNumber(bound) !== 0 ? bound : null;
  };
  const askedFor = (socket: InetObserved): Asked | null => {
    const local = localOf(socket);
    if (!local || (socket.peer && !isLiteral(socket.peer))) return null;
    const query = { family: socket.family, type: socket.type, local, remote: socket.peer };
    return { socket, query, key: keyOf(query) };
  };
  return {
    find: (sockets, files) => {
      const { single, unclear } = sort(sockets.map(askedFor), sockets);
      const rows = reader.ask(single.map(({ query }) => query));
      if (!rows) return null;
      const found = new Map<InetObserved, NetRow>();
      const missed: InetObserved[] = [];
      for (const [i, one] of single.entries()) {
        const row = rows[i];
        if (row && isMeant(one, row, files)) found.set(one.socket, row);
        else missed.push(one.socket);
      }
      return { found, missed, unclear };
    },
    close: reader.close,
  };
};
