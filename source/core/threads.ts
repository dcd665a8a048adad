import type { Call } from './call.ts';
import { calls } from './calls.ts';
import { type Policy, type Program, programOf } from './names.ts';

/** A socket's reader and writer. */
export type OwnThreads = { readonly reader: string; readonly writer: string };

export const ownThreads = (socket: string): OwnThreads => ({ reader: `${socket}.r`, writer: `${socket}.w` });

/**
 * The thread a call occupies, by the policy of the program that owns its socket:
 *
 * - single: one thread for the whole program, the textbook server
 * - per-socket: a thread a socket
 * - duplex: a reader and a writer a socket
 *
 * '' where a call needs none: it acts at once and never queues. `socket` is the call's own socket, or the socket
 * behind its file object, and `own` its threads where they have been named already.
 */
export const threadOf = (call: Call, socket: string, policy: Policy, own = ownThreads(socket)): string => {
  const { lane } = calls[call.name];
  if (lane === 'none') return '';
  switch (policy) {
    case 'single':
      return programOf(socket) ?? '';
    case 'per-socket':
      return socket;
    case 'duplex':
      return own[lane];
  }
};

/** A thread's name as people read it: "c1's reader", "client's one thread", "c1's thread". */
export const threadTitle = (thread: string): string => {
  if (thread.endsWith('.r')) return `${thread.slice(0, -2)}'s reader`;
  if (thread.endsWith('.w')) return `${thread.slice(0, -2)}'s writer`;
  return programOf(thread) ? `${thread}'s thread` : `${thread}'s one thread`;
};

/** The program a thread belongs to. */
export const programOfThread = (thread: string): Program | undefined =>
  programOf(thread.replace(/\.[rw]$/, '')) ??
  (thread === 'client' || thread === 'tcp-server' || thread === 'udp-server' ? thread : undefined);
