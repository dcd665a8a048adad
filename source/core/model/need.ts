import type { ActorId } from './actors.ts';
import type { Doubt } from './process.ts';

/** What somebody must do for a call to go on. `end`: close or half-close, for a read until EOF. */
export type Act = 'send' | 'recv' | 'accept' | 'flush' | 'end';

/**
 * Why somebody who is not seen, or nobody at all, may end a wait.
 *
 * - `bytes`: bytes wait, or are on their way; `ended`: the connection has ended, or an end is on its way; `room`: there is room,
 *   or it is being made; `handshake`: a connection is being made
 * - `client`, `datagram`: whoever comes; `elsewhere`: another machine; `unseen`: no process that this user may look at holds
 *   the other end; `peer`: the kernel does not tell who it is
 * - `pipe`, `terminal`, `file`: no socket
 */
export const frees = [
  'bytes',
  'ended',
  'room',
  'handshake',
  'client',
  'datagram',
  'elsewhere',
  'unseen',
  'peer',
  'pipe',
  'terminal',
  'file',
] as const;

export type Free = (typeof frees)[number];

/**
 * What would end a call of a process, as a look found it: that one of `by` does `act` on the socket at the other end (`other`, ''
 * where it has no name here), or what `free` says. `on`: the process's own socket, another descriptor as `fd7`.
 */
export type Need = {
  readonly on: string;
  readonly act: Act;
  readonly other: string;
  readonly by: readonly ActorId[];
  readonly free: Free | null;
};

/** A look at a wait: when it began, ms, and why nothing certain can be said of what it found; null where there is no reason. */
export type Looked = { readonly at: number; readonly doubt: Doubt | null };
