import { type UnixEndpoint, unix } from '../../core/addresses/endpoint.ts';
import type { SeenSocket } from '../../core/model/looks.ts';
import type { Machine } from '../proc/machine.ts';
import type { KernelSocket } from '../proc/socket-world.ts';
import type { Wait } from '../verdict/thread-waits.ts';

/** Packets that are told apart (SOCK_SEQPACKET) are no type that is told. */
const isUnix = (socket: KernelSocket | null | undefined): socket is KernelSocket =>
  socket?.transport === 'unix' && socket.type !== 'packets';

/** Standard input, output and error: whoever started the process may have made them of sockets (Node does). */
const lastStandard = 2;

/**
 * Unix sockets that are told, by inode: those that one of these processes has open, their other ends, and what a thread waits at. A
 * desktop's bus has hundreds of others.
 */
export const unixSockets = (
  machine: Machine,
  asked: Iterable<number>,
  waits: readonly Wait[],
): ReadonlyMap<number, KernelSocket> => {
  const found = new Map<number, KernelSocket>();
  const add = (socket: KernelSocket | null | undefined) => {
    if (isUnix(socket)) found.set(socket.inode, socket);
  };
  for (const pid of asked) {
    for (const { fd, kind, inode } of machine.descriptors(pid)) {
      const socket = kind === 'socket' && fd > lastStandard ? machine.socket(inode) : undefined;
      if (!isUnix(socket)) continue;
      add(socket);
      if (socket.peer.kind === 'socket') add(machine.socket(socket.peer.inode));
    }
  }
  for (const { needs } of waits) {
    for (const { socket, other } of needs) {
      add(socket);
      add(other);
    }
  }
  return found;
};

/** The kernel's table has @ where an abstract name has its NUL (proc(5)). One without a name is told apart by its inode. */
export const unixAddressOf = (socket: { readonly path: string; readonly inode: number }): UnixEndpoint => {
  const { path, inode } = socket;
  if (path === '') return unix('', inode);
  return unix(path.startsWith('@') ? `\0${path.slice(1)}` : path);
};

const addressOf = ({ local, inode }: KernelSocket): UnixEndpoint => unixAddressOf({ path: local, inode });

const peerOf = (machine: Machine, { state, peer }: KernelSocket): UnixEndpoint | null => {
  const other = peer.kind === 'socket' ? machine.socket(peer.inode) : undefined;
  if (other) return addressOf(other);
  // Connected, and to whom is not seen.
  return state === 'ESTAB' ? unix('') : null;
};

/** One of them as data. What was accepted has its listener's name: `listeners` by that. */
export const seenUnix = (
  machine: Machine,
  socket: KernelSocket,
  listeners: ReadonlyMap<string, number>,
): Omit<SeenSocket, 'holders'> => {
  const { inode, state, type, local } = socket;
  const isAccepted = state === 'ESTAB' && type === 'stream' && local !== '';
  return {
    inode,
    family: 'AF_UNIX',
    type: type === 'stream' ? 'SOCK_STREAM' : 'SOCK_DGRAM',
    state,
    local: addressOf(socket),
    peer: peerOf(machine, socket),
    listener: isAccepted ? (listeners.get(local) ?? 0) : 0,
  };
};
