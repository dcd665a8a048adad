import type { Machine } from '../proc/machine.ts';
import { once } from '../proc/once.ts';
import type { Waits } from '../verdict/gather.ts';
import type { Actor, Knot } from '../verdict/knots.ts';
import type { Wait } from '../verdict/thread-waits.ts';

/** Whether somebody at the other end could still end a call on a socket that no process has open. */
const isInUse = (machine: Machine, pid: number, inode: number): boolean => {
  const socket = machine.world(pid).socketOf(inode);
  if (!socket || socket.state === 'LISTEN') return false;
  if (socket.transport !== 'unix') return true;
  // Both ends of one pair may be those of processes in another namespace, which nobody here sees.
  return socket.peer.kind === 'socket' && machine.holders(socket.peer.inode).length > 0;
};

const findLoose = (machine: Machine, pid: number): readonly number[] => {
  const user = machine.closed.size === 0 ? 'all' : (machine.process(pid)?.uid ?? 'all');
  return machine
    .world(pid)
    .inodesOf(user)
    .filter(inode => machine.holders(inode).length === 0 && isInUse(machine, pid, inode));
};

/** By machine, and by process: a server asks for each of its threads. */
const found = new WeakMap<Machine, (pid: number) => readonly number[]>();

/**
 * Sockets that no process has open, as far as is seen, of the user of this one where there are processes that are not seen.
 */
const looseSockets = (machine: Machine, pid: number): readonly number[] => {
  const loose = found.get(machine) ?? once((of: number) => findLoose(machine, of));
  found.set(machine, loose);
  return loose(pid);
};

/**
 * A call goes on with the socket that it began with, when another thread closes the descriptor or gives it to another socket
 * (close(2), dup2(2)): /proc then names the wrong one. Where there are several threads, and a socket that in two looks is no
 * process's, the call may be on that.
 */
export const isLoose = (before: Machine, after: Machine, { thread, needs }: Wait): boolean => {
  if (needs.length === 0 || after.threads(thread.pid).length < 2) return false;
  const loose = new Set(looseSockets(before, thread.pid));
  return looseSockets(after, thread.pid).some(inode => loose.has(inode));
};

/** Nothing is certain of a knot with such a call in it. */
export const withLooseSockets = (before: Machine, after: Machine, waits: Waits, knot: Knot): Knot => {
  if (knot.kind === 'suspected') return knot;
  const actors = knot.cycle
    .filter(id => isLoose(before, after, waits.get(id)!))
    .map((id): Actor => ({ id, doubt: 'closed' }));
  return actors.length === 0 ? knot : { kind: 'suspected', cycle: knot.cycle, actors };
};
