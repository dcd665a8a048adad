import type { CallName } from './call.ts';

/**
 * The thread of its socket that a call occupies: `reader` or `writer`; `none` acts at once and never queues.
 */
export type Lane = 'reader' | 'writer' | 'none';

/** What a call is made on; `process`: on several sockets of one, and never by the bench. */
export type Subject = 'module' | 'socket' | 'file' | 'process';

/**
 * What a call may block for: bytes to read, room to write, a client that connects, its own handshake, a look-up's answer, the
 * peer's part in a handshake of TLS; any of these, on any of several sockets.
 */
export type WaitsFor = 'bytes' | 'room' | 'client' | 'handshake' | 'tls' | 'answer' | 'ready';

/** What a call returns, where that is not None. */
export type Returned =
  | 'socket'
  | 'connection'
  | 'file'
  | 'count'
  | 'length'
  | 'bytes'
  | 'datagram'
  | 'own address'
  | 'peer address'
  | 'addresses'
  | 'number'
  | 'seconds'
  | 'text';

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
  | 'port'
  | 'wants'
  | 'side'
  | 'tls';

export type Parameter = {
  readonly field: string;
  readonly kind: ParameterKind;
  readonly optional?: true;
  /** Used where the argument is left out. */
  readonly fallback?: number | string;
};

/**
 * What a call is, for every place that must know it. A row has all of it, so that a new call decides each:
 *
 * - `lane`: the thread of its socket that it occupies
 * - `waits`: what it may block for
 * - `moves`: the direction in which it carries bytes, seen from its socket, at once or through a buffer
 * - `ends`: `direction` shuts one down, `descriptor` gives the socket or file object back, `connection` ends it at once
 * - `sets`: what the bench keeps of its arguments, once it has ended well
 * - `returns`: what its result is. A `socket`, a `connection` (accepted) and a `file` get names; `count` is what the
 *   kernel took, `length` what a buffer took, `datagram` are bytes and who sent them
 * - `asks`: who answers it; `nobody` where that is done without a system call
 */
export type CallSpec = {
  readonly on: readonly Subject[];
  readonly lane: Lane;
  readonly waits: WaitsFor | null;
  readonly moves: 'in' | 'out' | null;
  readonly ends: 'direction' | 'descriptor' | 'connection' | null;
  readonly sets: 'address' | 'backlog' | 'peer' | 'timeout' | 'option' | null;
  readonly returns: Returned | null;
  readonly asks: 'kernel' | 'resolver' | 'services' | 'nobody';
  readonly parameters: readonly Parameter[];
  /** One sentence for help and palette. */
  readonly does: string;
};

export type CallTable = { readonly [N in CallName]: CallSpec };
