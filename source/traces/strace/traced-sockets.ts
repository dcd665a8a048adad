import { type Endpoint, unix } from '../../core/addresses/endpoint.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { TracedSocket } from './steps.ts';

/** What the kernel tells of a socket that no call has made here: it was inherited, or is older than the trace. */
export type FoundSocket = {
  readonly family: Family;
  readonly type: SocketType;
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  readonly listening: boolean;
};

export type NewSocket = Pick<TracedSocket, 'actor' | 'inode' | 'family' | 'type' | 'listener'> & {
  readonly fd: number;
  readonly pid: number;
} & Partial<Pick<TracedSocket, 'local' | 'peer' | 'listening'>>;

/** Names of processes and sockets, and numbers of calls: shared with whoever else gives some. */
export type TraceNames = {
  readonly nextId: () => number;
  readonly process: (pid: number) => ProcessId;
  /** What a socket is called that these processes have, by the first of them: p1.4, and p1.4b while p1.4 is another. */
  readonly socket: (
    inode: number,
    holders: readonly { readonly pid: number; readonly fd: number }[],
  ) => string;
  readonly forget: (inode: number) => void;
};

/** Sockets by inode. */
export type Sockets = {
  readonly of: (inode: number) => TracedSocket | undefined;
  readonly make: (made: NewSocket) => TracedSocket;
  readonly forget: (inode: number) => void;
};

export const createSockets = (names: TraceNames): Sockets => {
  const byInode = new Map<number, TracedSocket>();
  const forget = (inode: number) => {
    if (byInode.delete(inode)) names.forget(inode);
  };
  return {
    of: inode => byInode.get(inode),
    make: ({ fd, pid, ...made }) => {
      forget(made.inode);
      const socket: TracedSocket = {
        // One without a name is known by its number.
        local: made.family === 'AF_UNIX' ? unix('', made.inode) : null,
        peer: null,
        listening: false,
        receiveMs: 0,
        sendMs: 0,
        ...made,
        name: names.socket(made.inode, [{ pid, fd }]),
      };
      byInode.set(made.inode, socket);
      return socket;
    },
    forget,
  };
};
