import type { Notice } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import { type TransportId, transportOf } from '../../core/model/transports.ts';
import type { OpenFile } from '../files/raw-file.ts';
import type { AnySocket, SocketOf } from './any-socket.ts';
import type { Accepted, Ends, TcpEnd, UdpEnd } from './ends.ts';
import { createFileTable, type FileOwner, type MakeFile, noFiles } from './file-table.ts';
import { ReceiveMemory } from './receive-memory.ts';
import type { TcpSocketHost, UdpSocketHost } from './socket-hosts.ts';
import { failureOf } from './status.ts';
import { TcpSocket } from './tcp-socket.ts';
import { createTwins } from './twin-ends.ts';
import { UdpSocket } from './udp-socket.ts';
import { UnixSocket } from './unix-socket.ts';

/**
 * A socket by its name. As in CPython its descriptor is closed once close() was called and the last file object is
 * closed too (socket.SocketIO counts them): `closing` between the two, `gone` from then on.
 */
export type Row = FileOwner & {
  readonly name: string;
  readonly socket: AnySocket;
  closing: boolean;
  gone: boolean;
};

/** Every socket and file object of a driver, by name. */
export type SocketTable = {
  readonly row: (name: string) => Row | undefined;
  /** One whose descriptor is closed, while the kernel keeps it because a call is inside. */
  readonly held: (name: string) => Row | undefined;
  readonly file: (name: string) => OpenFile | undefined;
  /** A new socket, which takes the name; the name is left where the kernel refuses one. */
  readonly open: (name: () => string, family: Family, type: SocketType) => Outcome;
  /** Of a socket; `row` undefined: of one that is closed. */
  readonly addFile: (name: string, row: Row | undefined, make: MakeFile) => void;
  readonly close: (row: Row, how: 'close' | 'reset') => void;
  /** Received bytes that nobody will look at again. */
  readonly release: (data: Uint8Array) => void;
  /** Resolves when the kernel has every socket back. */
  readonly closeAll: () => Promise<void>;
};

/** Makes a socket of a family, which takes the name where the kernel has one. */
type Open<S extends AnySocket> = (
  name: () => string,
  family: Family,
) => { readonly made: string; readonly socket: S } | Failure;

type Opens = { readonly [T in TransportId]: Open<SocketOf<T>> };

const streamSocket = (
  host: TcpSocketHost,
  name: string,
  family: Family,
  end: TcpEnd,
  accepted?: Accepted,
): TcpSocket =>
  family === 'AF_UNIX'
    ? new UnixSocket(host, name, end, accepted)
    : new TcpSocket(host, name, family, end, accepted);

const datagramEnd = (ends: Ends, family: Family): UdpEnd | string =>
  family === 'AF_UNIX' ? ends.unixgram() : ends.udp(family);

/** How a socket of each transport is made. */
const createOpens = (host: TcpSocketHost): Opens => {
  const { ends, memory, late } = host;
  const datagrams: UdpSocketHost = { end: family => datagramEnd(ends(), family) as UdpEnd, memory, late };

  const openStream: Open<TcpSocket> = (name, family) => {
    const end = family === 'AF_UNIX' ? ends().unix() : ends().tcp(family);
    const status = end.open();
    if (status < 0) return failureOf(status);
    const made = name();
    return { made, socket: streamSocket(host, made, family, end) };
  };

  const openDatagram: Open<UdpSocket> = (name, family) => {
    const end = datagramEnd(ends(), family);
    if (typeof end === 'string') return failure('UNSUPPORTED', end);
    const status = end.open();
    if (status < 0) return failureOf(status);
    const made = name();
    return { made, socket: new UdpSocket(datagrams, made, family, end) };
  };

  return { tcp: openStream, udp: openDatagram, unix: openStream, unixgram: openDatagram };
};

export const createSocketTable = (ends: () => Ends, notice: (notice: Notice) => void): SocketTable => {
  const rows = new Map<string, Row>();
  const held = new Set<Row>();
  const files = createFileTable();
  const memory = new ReceiveMemory();

  const add = (name: string, socket: Row['socket']) => {
    rows.set(name, { name, socket, files: noFiles, closing: false, gone: false });
  };

  const host: TcpSocketHost = {
    ends,
    memory,
    twins: createTwins(),
    adopt: (accepted, family, name) => {
      const socket = streamSocket(host, name, family, accepted.end, accepted);
      add(name, socket);
      return socket.addresses();
    },
    late: (socket, bytes) => notice({ event: 'late', socket, bytes }),
    notice,
  };
  const opens = createOpens(host);

  /** close(2): the descriptor goes, the kernel's socket with the last call inside. */
  const letGo = (row: Row) => {
    row.gone = true;
    rows.delete(row.name);
    held.add(row);
    row.socket.letGo(() => held.delete(row));
  };

  /** The bench's own: everything ends at once. */
  const remove = (row: Row, how: 'close' | 'reset', done?: () => void) => {
    row.gone = true;
    rows.delete(row.name);
    files.lose(row);
    row.socket.close(how, done);
  };

  return {
    release: data => memory.release(data),
    row: name => rows.get(name),
    held: name => [...held].findLast(row => row.name === name),
    file: name => files.get(name),
    open: (name, family, type) => {
      const opened = opens[transportOf({ family, type }).id](name, family);
      if ('kind' in opened) return opened;
      add(opened.made, opened.socket);
      return { kind: 'made', name: opened.made };
    },
    addFile: (name, row, make) =>
      files.add(name, row, make, () => {
        if (row?.closing && row.files.length === 0 && !row.gone) letGo(row);
      }),
    close: (row, how) => {
      row.closing = true;
      if (how === 'reset') remove(row, how);
      else if (row.files.length === 0) letGo(row);
    },
    closeAll: async () => {
      const all = [...rows.values(), ...held];
      held.clear();
      files.clear();
      await Promise.all(all.map(row => new Promise<void>(resolve => remove(row, 'close', resolve))));
    },
  };
};
