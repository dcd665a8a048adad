import type { Endpoint } from '../../core/endpoint.ts';
import { descriptorName, type Family, type SocketType } from '../../core/names.ts';
import type { ProcessId } from '../../core/process.ts';
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
} & Partial<Pick<TracedSocket, 'local' | 'peer' | 'listening'>>;

/** Sockets by inode. Their names are those of the descriptor that they were first seen as: p1.4, p1.4b while p1.4 is open. */
export type Sockets = {
  readonly of: (inode: number) => TracedSocket | undefined;
  readonly make: (made: NewSocket) => TracedSocket;
  readonly forget: (inode: number) => void;
};

export const createSockets = (): Sockets => {
  const byInode = new Map<number, TracedSocket>();
  const names = new Set<string>();
  const freeName = (actor: ProcessId, fd: number): string => {
    for (let nth = 0; ; nth++) {
      const name = descriptorName(actor, fd, nth);
      if (!names.has(name)) return name;
    }
  };
  const forget = (inode: number) => {
    const socket = byInode.get(inode);
    if (!socket) return;
    names.delete(socket.name);
    byInode.delete(inode);
  };
  return {
    of: inode => byInode.get(inode),
    make: ({ fd, ...made }) => {
      forget(made.inode);
      const socket: TracedSocket = {
        local: null,
        peer: null,
        listening: false,
        receiveMs: 0,
        sendMs: 0,
        ...made,
        name: freeName(made.actor, fd),
      };
      names.add(socket.name);
      byInode.set(made.inode, socket);
      return socket;
    },
    forget,
  };
};
