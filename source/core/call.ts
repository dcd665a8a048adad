import type { Bytes } from './bytes.ts';
import type { Endpoint, Family, SocketType } from './names.ts';

export type RecvFlag = 'MSG_PEEK' | 'MSG_WAITALL' | 'MSG_DONTWAIT' | 'MSG_OOB';

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
  /** null is Python's None. `port` may be a service name. */
  getaddrinfo: { host: string | null; port: number | string | null; family?: Family; type?: SocketType };
  gethostbyaddr: { host: string };
  getservbyname: { service: string; protocol?: string };
  getservbyport: { port: number; protocol?: string };
};

export type CallName = keyof CallFields;

/**
 * One socket call as data. `on` is the socket or file object it is made on, '' for the module's own
 * functions. `as` is the name its result gets (c1 = socket …); absent, the bench picks the next free one.
 */
export type CallOf<N extends CallName> = {
  readonly name: N;
  readonly on: string;
  readonly as?: string;
} & Readonly<CallFields[N]>;

export type Call = { [N in CallName]: CallOf<N> }[CallName];

/** `c1.recv`; a function of the module by its name alone. */
export const titleOf = ({ on, name }: Pick<Call, 'on' | 'name'>): string =>
  on === '' ? name : `${on}.${name}`;

/**
 * The thread of its socket that a call occupies: `reader` or `writer`; `none` acts at once and never queues.
 */
export type Lane = 'reader' | 'writer' | 'none';

/** What a call is made on. */
export type Subject = 'module' | 'socket' | 'file';

/** What a call's arguments are, one codec a kind: arguments.ts has them. */
export type ParameterKind =
  | 'family'
  | 'type'
  | 'endpoint'
  | 'bytes'
  | 'size'
  | 'count'
  | 'flags'
  | 'sendFlags'
  | 'how'
  | 'timeout'
  | 'word'
  | 'text'
  | 'value'
  | 'host'
  | 'port';

export type Parameter = {
  readonly field: string;
  readonly kind: ParameterKind;
  readonly optional?: true;
  /** Used where the argument is left out. */
  readonly fallback?: number | string;
};

export type CallSpec = {
  readonly on: readonly Subject[];
  readonly lane: Lane;
  readonly parameters: readonly Parameter[];
  /** One sentence for help and palette. */
  readonly does: string;
};

/** THE table of calls: grammar, threads, palette, exports and docs read it. */
export const calls: { readonly [N in CallName]: CallSpec } = {
  socket: {
    on: ['module'],
    lane: 'none',
    parameters: [
      { field: 'family', kind: 'family', fallback: 'AF_INET' },
      { field: 'type', kind: 'type', fallback: 'SOCK_STREAM' },
    ],
    does: 'makes a socket: an open file of the system, with no peer yet',
  },
  bind: {
    on: ['socket'],
    lane: 'none',
    parameters: [{ field: 'address', kind: 'endpoint' }],
    does: "fixes the socket's own address",
  },
  listen: {
    on: ['socket'],
    lane: 'none',
    parameters: [{ field: 'backlog', kind: 'count', fallback: 128 }],
    does: 'lets clients connect; the number is how many may wait to be accepted',
  },
  accept: {
    on: ['socket'],
    lane: 'reader',
    parameters: [],
    does: 'takes one waiting connection, or blocks until there is one',
  },
  connect: {
    on: ['socket'],
    lane: 'reader',
    parameters: [{ field: 'address', kind: 'endpoint' }],
    does: 'TCP: shakes hands with a listener. UDP: only sets the default peer, nothing is sent',
  },
  send: {
    on: ['socket'],
    lane: 'writer',
    parameters: [
      { field: 'data', kind: 'bytes' },
      { field: 'flags', kind: 'sendFlags', optional: true },
    ],
    does: 'hands over what the kernel takes now and returns how much that was',
  },
  sendall: {
    on: ['socket'],
    lane: 'writer',
    parameters: [{ field: 'data', kind: 'bytes' }],
    does: 'hands over every byte, blocking while the buffers are full',
  },
  sendto: {
    on: ['socket'],
    lane: 'writer',
    parameters: [
      { field: 'data', kind: 'bytes' },
      { field: 'address', kind: 'endpoint' },
    ],
    does: 'sends one datagram to an address',
  },
  recv: {
    on: ['socket'],
    lane: 'reader',
    parameters: [
      { field: 'size', kind: 'size' },
      { field: 'flags', kind: 'flags', optional: true },
    ],
    does: 'takes at most that many bytes, blocking until there is one; no bytes mean EOF',
  },
  recvfrom: {
    on: ['socket'],
    lane: 'reader',
    parameters: [
      { field: 'size', kind: 'size' },
      { field: 'flags', kind: 'flags', optional: true },
    ],
    does: 'takes one datagram and the address it came from',
  },
  shutdown: {
    on: ['socket'],
    lane: 'none',
    parameters: [{ field: 'how', kind: 'how', fallback: 'SHUT_WR' }],
    does: 'half-close: SHUT_WR sends a FIN, the other direction goes on',
  },
  close: {
    on: ['socket', 'file'],
    lane: 'none',
    parameters: [],
    does: 'gives the socket back once no file object of it is open and no call inside; the peer sees EOF, or a reset where data was left unread',
  },
  reset: {
    on: ['socket'],
    lane: 'none',
    parameters: [],
    does: 'closes with an RST (SO_LINGER 0 s): the peer sees ECONNRESET',
  },
  settimeout: {
    on: ['socket'],
    lane: 'none',
    parameters: [{ field: 'timeout', kind: 'timeout' }],
    does: 'how long later calls may block: none, a time, or 0 (never)',
  },
  gettimeout: { on: ['socket'], lane: 'none', parameters: [], does: 'the timeout now set' },
  setsockopt: {
    on: ['socket'],
    lane: 'none',
    parameters: [
      { field: 'level', kind: 'word' },
      { field: 'option', kind: 'word' },
      { field: 'value', kind: 'value' },
    ],
    does: 'sets a socket option',
  },
  getsockopt: {
    on: ['socket'],
    lane: 'none',
    parameters: [
      { field: 'level', kind: 'word' },
      { field: 'option', kind: 'word' },
    ],
    does: 'reads a socket option',
  },
  getsockname: { on: ['socket'], lane: 'none', parameters: [], does: "the socket's own address" },
  getpeername: { on: ['socket'], lane: 'none', parameters: [], does: "the peer's address" },
  makefile: {
    on: ['socket'],
    lane: 'none',
    parameters: [
      { field: 'mode', kind: 'text', fallback: 'rwb' },
      { field: 'buffering', kind: 'count', optional: true },
    ],
    does: 'a file-like object over the socket: read, readline, write, flush; the mode has r, w, b, without b it is text',
  },
  read: {
    on: ['file'],
    lane: 'reader',
    parameters: [{ field: 'size', kind: 'size', optional: true }],
    does: 'reads exactly that many bytes through the buffer, or until EOF',
  },
  readline: {
    on: ['file'],
    lane: 'reader',
    parameters: [],
    does: 'reads through the buffer up to a newline',
  },
  write: {
    on: ['file'],
    lane: 'writer',
    parameters: [{ field: 'data', kind: 'bytes' }],
    does: "puts bytes into the file object's buffer; the peer sees them after flush",
  },
  flush: { on: ['file'], lane: 'writer', parameters: [], does: 'sends what the buffer holds' },
  getaddrinfo: {
    on: ['module'],
    lane: 'none',
    parameters: [
      { field: 'host', kind: 'host' },
      { field: 'port', kind: 'port', fallback: 0 },
      { field: 'family', kind: 'family', optional: true },
      { field: 'type', kind: 'type', optional: true },
    ],
    does: 'name to addresses, each with the types of socket it is for; None is this machine',
  },
  gethostbyaddr: {
    on: ['module'],
    lane: 'none',
    parameters: [{ field: 'host', kind: 'text' }],
    does: 'address to name',
  },
  getservbyname: {
    on: ['module'],
    lane: 'none',
    parameters: [
      { field: 'service', kind: 'text' },
      { field: 'protocol', kind: 'text', optional: true },
    ],
    does: 'service name to port number, asked of the system',
  },
  getservbyport: {
    on: ['module'],
    lane: 'none',
    parameters: [
      { field: 'port', kind: 'count' },
      { field: 'protocol', kind: 'text', optional: true },
    ],
    does: 'port number to service name',
  },
};

export const callNames = Object.keys(calls) as readonly CallName[];

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);
