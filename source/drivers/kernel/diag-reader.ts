import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import type { NetRow } from '../../core/model/proc-net.ts';
import { type NativeLibrary, nativeLibrary } from '../native/native-library.ts';
import { decodeSocketAddress, socketAddressBytes } from '../native/socket-address.ts';
import { type DiagQuery, decodeAnswers, encodeQuery, queryBytes } from './sock-diag.ts';

/** Asks the kernel for single sockets, a few microseconds each whatever the size of its tables. */
export type DiagReader = {
  /** A row for each query, or null where the kernel has no such socket; null for all where it does not answer. */
  readonly ask: (queries: readonly DiagQuery[]) => (NetRow | null)[] | null;
  /** The local address of a descriptor (getsockname), or null. */
  readonly localOf: (fd: number) => InetEndpoint | null;
  readonly close: () => void;
};

const AF_NETLINK = 16;
const NETLINK_SOCK_DIAG = 4;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const MSG_DONTWAIT = 0x40;

/** Queries a send: their answers must fit into the netlink socket's receive buffer (212,992 bytes by default). */
const batch = 64;

const createReader = (library: NativeLibrary, fd: number): DiagReader => {
  const out = new Uint8Array(queryBytes * batch);
  const answer = new Uint8Array(16_384);
  const address = new Uint8Array(socketAddressBytes);
  const length = new Int32Array(1);

  const receive = (queries: readonly DiagQuery[], rows: (NetRow | null)[]): number => {
    let answered = 0;
    for (;;) {
      const count = library.recv(fd, answer, answer.length, MSG_DONTWAIT);
      if (count <= 0) return answered;
      for (const { seq, row } of decodeAnswers(
        answer.subarray(0, count),
        seq => queries[seq]?.type ?? 'SOCK_STREAM',
      )) {
        rows[seq] = row;
        answered++;
      }
    }
  };

  return {
    ask: queries => {
      const rows: (NetRow | null)[] = new Array(queries.length).fill(null);
      for (let from = 0; from < queries.length; from += batch) {
        const to = Math.min(from + batch, queries.length);
        for (let i = from; i < to; i++) encodeQuery(out, (i - from) * queryBytes, queries[i]!, i);
        const bytes = (to - from) * queryBytes;
        // The kernel answers within send: nothing has to be waited for.
        if (library.send(fd, out, bytes, MSG_DONTWAIT) !== bytes) return null;
        if (receive(queries, rows) !== to - from) return null;
      }
      return rows;
    },
    localOf: socket => {
      length[0] = address.length;
      return library.getsockname(socket, address, length) === 0 ? decodeSocketAddress(address) : null;
    },
    close: () => {
      library.close(fd);
    },
  };
};

/** Opens the way to the kernel, or null where it is closed: koffi missing, no such protocol, not allowed. */
export const openDiagReader = (): DiagReader | null => {
  const library = nativeLibrary();
  if (typeof library === 'string') return null;
  const fd = library.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
  return fd < 0 ? null : createReader(library, fd);
};
