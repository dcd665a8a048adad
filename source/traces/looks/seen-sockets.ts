import type { SeenQueues, SeenSocket } from '../../core/model/looks.ts';
import type { Machine } from '../proc/machine.ts';
import type { KernelSocket } from '../proc/socket-world.ts';
import { seenUnix } from './seen-unix.ts';

type Inet = KernelSocket & { readonly ends: NonNullable<KernelSocket['ends']> };

const isInet = (socket: KernelSocket): socket is Inet => socket.ends !== null;

/** Sockets of the internet's families that these processes have open, by inode: all, or `only` some. */
const inetSockets = (
  machine: Machine,
  pids: readonly number[],
  only: ReadonlySet<number> | null,
): Map<number, Inet> => {
  const found = new Map<number, Inet>();
  for (const pid of pids) {
    for (const { kind, inode } of machine.descriptors(pid)) {
      if (kind !== 'socket' || found.has(inode) || only?.has(inode) === false) continue;
      const socket = machine.socket(inode);
      // Itself, and no copy: of thousands nobody wants the addresses as text, which that would make.
      if (socket && isInet(socket)) found.set(inode, socket);
    }
  }
  return found;
};

/** The listener that a connection stems from: one with its port, or its name, that one of these processes has open. */
const listenersBy = <Socket extends KernelSocket, Key>(
  key: (socket: Socket) => Key,
  sockets: Iterable<Socket>,
): ReadonlyMap<Key, number> => {
  const found = new Map<Key, number>();
  for (const socket of sockets) if (socket.state === 'LISTEN') found.set(key(socket), socket.inode);
  return found;
};

/** A port of 0 stands where there is no address. */
const isThere = ({ port }: { readonly port: number | string }): boolean => port !== 0;

const queuesOf = (socket: KernelSocket): SeenQueues => {
  const { inode, state, rcvQ, sndQ, timer, timerMs, retransmits, drops } = socket;
  return { inode, state, rcvQ, sndQ, timer, timerMs, retransmits, drops };
};

const seenInet = (
  { inode, transport, state, ends, port }: Inet,
  listeners: ReadonlyMap<number, number>,
): Omit<SeenSocket, 'holders'> => {
  const { local, remote } = ends;
  const peer = isThere(remote) ? remote : null;
  return {
    inode,
    family: local.host.includes(':') ? 'AF_INET6' : 'AF_INET',
    type: transport === 'udp' ? 'SOCK_DGRAM' : 'SOCK_STREAM',
    state,
    local: isThere(local) ? local : null,
    peer,
    listener: peer && transport === 'tcp' ? (listeners.get(port) ?? 0) : 0,
  };
};

/** `unix`: the Unix sockets that are told. */
export const seenSockets = (
  machine: Machine,
  pids: readonly number[],
  only: ReadonlySet<number> | null,
  unix: ReadonlyMap<number, KernelSocket>,
): { readonly sockets: readonly SeenSocket[]; readonly queues: readonly SeenQueues[] } => {
  const among = new Set(pids);
  const inet = inetSockets(machine, pids, only);
  const byPort = listenersBy(({ port }) => port, inet.values());
  const byName = listenersBy(({ local }) => local, unix.values());
  const seen = [
    ...[...inet.values()].map(socket => seenInet(socket, byPort)),
    ...[...unix.values()].map(socket => seenUnix(machine, socket, byName)),
  ];
  const holders = (inode: number) => machine.holders(inode).filter(({ pid }) => among.has(pid));
  return {
    sockets: seen.map(socket => ({ ...socket, holders: holders(socket.inode) })),
    queues: [...inet.values(), ...unix.values()].map(queuesOf),
  };
};
