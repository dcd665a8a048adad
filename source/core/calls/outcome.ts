import type { Endpoint, InetEndpoint } from '../addresses/endpoint.ts';
import type { SocketType } from '../model/names.ts';
import type { TlsEnding, TlsFacts, Wire } from '../model/tls.ts';
import type { ErrorCode } from '../words/error-table.ts';

/**
 * One answer of getaddrinfo: an address, and the type and protocol (its number in IP's header) of a socket for it.
 * Recordings may have the address alone.
 */
export type Found = InetEndpoint & {
  readonly type?: SocketType | 'SOCK_RAW';
  readonly protocol?: number;
};

/** The process at the other end of a Unix socket, as it was when it connected or listened (SO_PEERCRED, unix(7)). */
export type Owner = { readonly pid: number; readonly uid: number };

/** What was found where a Unix socket was to be bound, or to send: a file that no socket has any more, a socket, another file. */
export type There = 'nobody' | 'socket' | 'file';

/**
 * How a call ended. Flat and small: one is made for every call of a flood.
 *
 * - `none`: Python's None, shown as ok. `local` and `peer` are the addresses as bind, listen, connect left them;
 *   `owner` is whose a Unix socket's peer is, of accept too; `note`, of a `count` too, is what the kernel was told besides, without koffi: by Node, and not by the call
 * - `count`: bytes the kernel took (send, sendto) or the file object took (write); `local` where the call bound
 *   the socket (sendto on an unbound one); in a text mode `count` is characters, and `bytes` what they are;
 *   `passed` is how many bytes a write made go on to the kernel, those that the buffer had held before among them: none
 *   where it is left out
 * - `data`: recv, recvfrom, read, readline. Length 0 on a stream is EOF. `from` is the sender (recvfrom, and always
 *   that of an empty datagram); `lost` is what did not fit into the size asked for (a truncated datagram: modelled,
 *   since Node hands over whole datagrams); `dropped` is how many bytes the journal's payload cap has taken away since
 *   Over TLS, here and in the two above, `wire` is what the connection has moved by then, and `ending` how a receive learned of
 *   the end; `tls` is what a handshake has agreed on
 * - `made`: the name of a new socket or file object; `peer` for accept
 * - `endpoints`: getaddrinfo's answers, in the system's order
 * - `unseen`: of a process's call that a look found over: how it ended was not seen
 * - `error`: `count` is what the kernel took before it failed (sendall); `detail` names the value concerned; `timeWait`,
 *   of a bind, is for how many ms more closed connections in TIME-WAIT alone hold the port; `there` is what stands at the
 *   address of a Unix socket; `verify`, of a TLS handshake, is what is wrong with the peer's certificate (X509_V_ERR of
 *   X509_verify_cert_error_string(3))
 */
export type Outcome =
  | {
      readonly kind: 'none';
      readonly local?: Endpoint;
      readonly peer?: Endpoint;
      readonly owner?: Owner;
      readonly note?: string;
      readonly tls?: TlsFacts;
      readonly wire?: Wire;
    }
  | {
      readonly kind: 'count';
      readonly count: number;
      readonly local?: Endpoint;
      readonly bytes?: number;
      readonly passed?: number;
      readonly note?: string;
      readonly wire?: Wire;
    }
  | {
      readonly kind: 'data';
      readonly data: Uint8Array;
      readonly from?: Endpoint;
      readonly lost?: number;
      readonly dropped?: number;
      readonly wire?: Wire;
      readonly ending?: TlsEnding;
    }
  | {
      readonly kind: 'made';
      readonly name: string;
      readonly local?: Endpoint;
      readonly peer?: Endpoint;
      readonly owner?: Owner;
    }
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
  | { readonly kind: 'endpoints'; readonly endpoints: readonly Found[]; readonly fallback?: string }
  | { readonly kind: 'number'; readonly number: number | null; readonly fallback?: string }
  | { readonly kind: 'text'; readonly text: string; readonly fallback?: string }
  | { readonly kind: 'unseen' }
  | {
      readonly kind: 'error';
      readonly code: ErrorCode;
      readonly detail?: string;
      readonly count?: number;
      readonly timeWait?: number;
      readonly there?: There;
      readonly verify?: number;
    };

export type Failure = Extract<Outcome, { kind: 'error' }>;

export const ok: Outcome = { kind: 'none' };

export const failure = (code: ErrorCode, detail?: string, count?: number): Failure => ({
  kind: 'error',
  code,
  ...(detail === undefined ? {} : { detail }),
  ...(count === undefined ? {} : { count }),
});

/** Bytes that the kernel took of `whole`, in a call that sends and that ended well or badly. */
export const takenOf = (outcome: Outcome, whole: number): number => {
  switch (outcome.kind) {
    case 'count':
      return outcome.count;
    case 'none':
      return whole;
    case 'error':
      return outcome.count ?? 0;
    default:
      return 0;
  }
};
