import type { Free } from '../../core/model/need.ts';
import type { Holder } from '../proc/holding.ts';
import type { Machine } from '../proc/machine.ts';
import type { KernelSocket } from '../proc/socket-world.ts';
import type { Touch } from './touches.ts';

/**
 * What would end a wait on one descriptor: that one of the processes `by` does something, or what `free` says. `socket` and
 * `other` are the two ends, null where there is none. A listener is the other end of what waits in its queue.
 */
export type Need = {
  readonly act: 'send' | 'recv' | 'accept' | 'come';
  readonly touch: Touch;
  readonly socket: KernelSocket | null;
  readonly other: KernelSocket | null;
  readonly by: readonly number[];
  readonly free: Free | null;
};

/** What is asked of the receive queue: bytes that must lie there. */
export type ReadSize = { readonly atLeast: number };

type Ends = Pick<Need, 'touch' | 'socket'>;

const freeNeed = (ends: Ends, act: Need['act'], free: Free, other: KernelSocket | null = null): Need => ({
  ...ends,
  act,
  other,
  by: [],
  free,
});

const pidsOf = (holders: readonly Holder[]): number[] => [...new Set(holders.map(({ pid }) => pid))];

/** Whoever has the other end: all must be seen. */
const heldBy = (machine: Machine, ends: Ends, act: Need['act'], inodes: readonly number[]): Need => {
  const other = machine.socket(inodes[0]!) ?? null;
  const holders = inodes.map(inode => pidsOf(machine.holders(inode)));
  const by = [...new Set(holders.flat())];
  const unseen = holders.some(list => list.length === 0) || by.some(pid => machine.hasHidden(pid));
  return { ...ends, act, other, by, free: unseen ? 'unseen' : null };
};

/** The wait for the peer of a connection, once nothing of the connection itself ends it. */
const needOfPeer = (
  machine: Machine,
  ends: Ends & { readonly socket: KernelSocket },
  act: 'send' | 'recv',
  freeBy: (other: KernelSocket) => Free | null,
): Need => {
  const { peer } = ends.socket;
  switch (peer.kind) {
    case 'socket': {
      const other = machine.socket(peer.inode);
      if (!other) return freeNeed(ends, act, 'unseen');
      const need = heldBy(machine, ends, act, [peer.inode]);
      return { ...need, free: freeBy(other) ?? need.free };
    }
    case 'queued':
      return heldBy(machine, ends, 'accept', peer.listeners);
    case 'gone':
      return freeNeed(ends, act, 'ended');
    case 'elsewhere':
      return freeNeed(ends, act, 'elsewhere');
    case 'none':
    case 'unknown':
      return freeNeed(ends, act, 'peer');
  }
};

const receives: readonly string[] = ['ESTAB', 'FIN-WAIT-1', 'FIN-WAIT-2'];
const sends: readonly string[] = ['ESTAB', 'CLOSE-WAIT'];

/** Shut by shutdown(2), of a Unix socket: bit 0 for receiving, bit 1 for sending. */
const shutReceive = 1;
const shutSend = 2;

const needOfRead = (machine: Machine, touch: Touch, socket: KernelSocket, size: ReadSize): Need => {
  const ends = { touch, socket };
  if (socket.state === 'LISTEN') return freeNeed(ends, 'come', 'client');
  if (socket.type !== 'stream') {
    if (socket.transport !== 'udp' || socket.peer.kind !== 'socket')
      return freeNeed(ends, 'come', 'datagram');
    return needOfPeer(machine, ends, 'send', () => (socket.rcvQ > 0 ? 'bytes' : null));
  }
  if (socket.state === 'SYN-SENT') return freeNeed(ends, 'send', 'handshake');
  if (!receives.includes(socket.state) || (socket.shut & shutReceive) !== 0)
    return freeNeed(ends, 'send', 'ended');
  if (socket.rcvQ >= size.atLeast) return freeNeed(ends, 'send', 'bytes');
  return needOfPeer(machine, ends, 'send', other => {
    if (!sends.includes(other.state) || (other.shut & shutSend) !== 0) return 'ended';
    // A Unix socket's bytes lie in the other's queue at once: what it has sent is what has not been read here.
    return other.transport === 'tcp' && other.sndQ > 0 ? 'bytes' : null;
  });
};

const needOfWrite = (machine: Machine, touch: Touch, socket: KernelSocket): Need => {
  const ends = { touch, socket };
  if (socket.type !== 'stream') return freeNeed(ends, 'recv', 'room');
  if (socket.state === 'SYN-SENT') {
    return socket.peer.kind === 'queued'
      ? heldBy(machine, ends, 'accept', socket.peer.listeners)
      : freeNeed(ends, 'come', 'handshake');
  }
  if (!sends.includes(socket.state) || (socket.shut & shutSend) !== 0) return freeNeed(ends, 'recv', 'ended');
  if (socket.sndQ === 0) return freeNeed(ends, 'recv', 'room');
  return needOfPeer(machine, ends, 'recv', other => {
    if (socket.transport !== 'tcp') return (other.shut & shutReceive) !== 0 ? 'ended' : null;
    if (!receives.includes(other.state)) return 'ended';
    // Only a closed window says that the kernel will take no more by itself.
    return other.rcvQ > 0 && socket.timer === 'zero-window' ? null : 'room';
  });
};

const noSocket = (touch: Touch): Free => {
  switch (touch.descriptor?.kind) {
    case 'pipe':
      return 'pipe';
    case 'terminal':
      return 'terminal';
    default:
      return 'file';
  }
};

/** What would end the wait on one descriptor: one for each direction that is waited for. */
export const needsOf = (machine: Machine, touch: Touch, size: ReadSize): Need[] => {
  const { descriptor } = touch;
  const act = touch.writes ? 'recv' : 'send';
  if (descriptor?.kind !== 'socket') return [freeNeed({ touch, socket: null }, act, noSocket(touch))];
  const socket = machine.socket(descriptor.inode);
  // Another family (netlink, packet), or gone since.
  if (!socket) return [freeNeed({ touch, socket: null }, act, 'peer')];
  const needs: Need[] = [];
  if (touch.reads) needs.push(needOfRead(machine, touch, socket, size));
  if (touch.writes) needs.push(needOfWrite(machine, touch, socket));
  return needs.length > 0 ? needs : [needOfRead(machine, touch, socket, size)];
};
