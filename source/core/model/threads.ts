import type { CallSpec } from '../calls/call-spec.ts';
import { t } from '../words/translate.ts';
import { isActor, type Program } from './actors.ts';
import { isSocketName, type Policy } from './names.ts';
import { processOfThread } from './process.ts';

/** A socket's reader and writer. */
export type OwnThreads = { readonly reader: string; readonly writer: string };

export const ownThreads = (socket: string): OwnThreads => ({ reader: `${socket}.r`, writer: `${socket}.w` });

/**
 * The thread a call of a program occupies, by its policy:
 *
 * - single: one thread for the whole program, the textbook server; it has the program's name
 * - per-socket: a thread a socket
 * - duplex: a reader and a writer a socket
 *
 * '' where a call needs none: it acts at once and never queues. `socket` is the call's own socket, or the socket
 * behind its file object, and `own` its threads where they have been named already.
 */
export const threadOf = (
  { lane }: Pick<CallSpec, 'lane'>,
  socket: string,
  actor: Program,
  policy: Policy,
  own = ownThreads(socket),
): string => {
  if (lane === 'none') return '';
  switch (policy) {
    case 'single':
      return actor;
    case 'per-socket':
      return socket;
    case 'duplex':
      return own[lane];
  }
};

/** What a thread of that name runs: all calls of its actor, or those of one socket, or half of them; what its `process` likes. */
export type ThreadKind = 'one' | 'own' | 'reader' | 'writer' | 'process';

export const threadKind = (thread: string): ThreadKind => {
  if (thread.endsWith('.r')) return 'reader';
  if (thread.endsWith('.w')) return 'writer';
  if (processOfThread(thread) !== '') return 'process';
  return isActor(thread) ? 'one' : 'own';
};

/** The socket that has a thread of that name, or the actor whose one thread it is. */
export const holderOfThread = (thread: string): string =>
  processOfThread(thread) || thread.replace(/\.[rw]$/, '');

export const isThreadName = (name: string): boolean =>
  isActor(name) || processOfThread(name) !== '' || isSocketName(holderOfThread(name));

/** A thread's name as people read it: "c1's reader", "client's one thread", "c1's thread", "p1's thread 4711". */
export const threadTitle = (thread: string): string => {
  const holder = holderOfThread(thread);
  switch (threadKind(thread)) {
    case 'one':
      return t`${holder}'s one thread`;
    case 'own':
      return t`${holder}'s thread`;
    case 'reader':
      return t`${holder}'s reader`;
    case 'writer':
      return t`${holder}'s writer`;
    case 'process':
      return t`${holder}'s thread ${thread.split('/')[1]}`;
  }
};
