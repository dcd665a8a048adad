import type { Endpoint } from '../addresses/endpoint.ts';
import type { Bytes } from '../bytes/bytes.ts';
import type { Family, SocketType } from '../model/names.ts';
import type { TlsSettings, TlsSide } from '../model/tls.ts';

export type RecvFlag = 'MSG_PEEK' | 'MSG_WAITALL' | 'MSG_DONTWAIT' | 'MSG_OOB';

/** A descriptor that a poll waits for: a socket by its name, any other as `fd7`. */
export type Want = { readonly on: string; readonly reads: boolean; readonly writes: boolean };

export type ShutdownHow = 'SHUT_RD' | 'SHUT_WR' | 'SHUT_RDWR';

/**
 * What each call takes besides the socket it is made on. Names are those of Python's socket module;
 * `reset` is the bench's own word for close with SO_LINGER on and 0 s (an RST instead of a FIN).
 */
export type CallFields = {
  socket: { family: Family; type: SocketType };
  bind: { address: Endpoint };
  listen: { backlog: number };
  accept: object;
  connect: { address: Endpoint };
  /** Of the flags only MSG_OOB. */
  send: { data: Bytes; flags?: readonly RecvFlag[] };
  sendall: { data: Bytes };
  sendto: { data: Bytes; address: Endpoint };
  recv: { size: number; flags?: readonly RecvFlag[] };
  recvfrom: { size: number; flags?: readonly RecvFlag[] };
  /** TLS on a connection, or on what a listener accepts: Python's SSLContext and its wrap_socket in one. */
  wrap: { side: TlsSide; settings?: TlsSettings };
  shutdown: { how: ShutdownHow };
  close: object;
  reset: object;
  /** `timeout` in milliseconds; null waits for ever, 0 never waits. */
  settimeout: { timeout: number | null };
  gettimeout: object;
  setsockopt: { level: string; option: string; value: number | string };
  getsockopt: { level: string; option: string };
  getsockname: object;
  getpeername: object;
  /** `buffering` as in Python: left out 8192 bytes, 0 none (each read is one recv, each write one send). */
  makefile: { mode: string; buffering?: number };
  /** `size` undefined: until EOF. */
  read: { size?: number };
  readline: object;
  write: { data: Bytes };
  flush: object;
  /**
   * select, poll and epoll_wait, which only processes make: until one of `wants` is ready, or `timeout` (ms; null: never) is
   * over. `more`: how many others it waits for besides those.
   */
  poll: { wants: readonly Want[]; timeout: number | null; more?: number };
  /** null is Python's None. `port` may be a service name. */
  getaddrinfo: { host: string | null; port: number | string | null; family?: Family; type?: SocketType };
  gethostbyaddr: { host: string };
  getservbyname: { service: string; protocol?: string };
  getservbyport: { port: number; protocol?: string };
};

export type CallName = keyof CallFields;

/**
 * One socket call as data. `on` is the socket or file object it is made on, '' for the module's own
 * functions, the process whose call it is for one on several of its sockets. `as` is the name its result gets (c1 = socket …); absent, the bench picks the next free one.
 */
export type CallOf<N extends CallName> = {
  readonly name: N;
  readonly on: string;
  readonly as?: string;
} & Readonly<CallFields[N]>;

export type Call = { [N in CallName]: CallOf<N> }[CallName];

/**
 * The bytes that a call hands over, where it has any. Read as a property: to ask whether an object has one takes thrice as long where
 * objects of many shapes come by, and each call comes by many times.
 */
export const dataOf = (call: Call): Bytes | undefined => (call as { readonly data?: Bytes }).data;

/** The address that a call goes to, where it has one. */
export const goesTo = (call: Call): Endpoint | undefined => (call as { readonly address?: Endpoint }).address;

/** `c1.recv`; a function of the module by its name alone. */
export const titleOf = ({ on, name }: Pick<Call, 'on' | 'name'>): string =>
  on === '' ? name : `${on}.${name}`;

/** Whether a receive leaves what it saw. */
export const peeks = (call: Call): boolean =>
  Boolean((call as { readonly flags?: readonly RecvFlag[] }).flags?.includes('MSG_PEEK'));
