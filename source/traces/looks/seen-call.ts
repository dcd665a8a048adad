import type { RecvFlag } from '../../core/calls/call.ts';
import type { SeenArguments, SeenNeed, SeenWant } from '../../core/model/looks.ts';
import type { ThreadDoing } from '../../core/model/process.ts';
import type { Machine } from '../proc/machine.ts';
import { orElse } from '../proc/proc-files.ts';
import type { Thread } from '../proc/thread-reader.ts';
import type { Wait } from '../verdict/thread-waits.ts';
import type { Touch } from '../verdict/touches.ts';
import type { Need } from '../verdict/wait-needs.ts';

/** More than a row tells one by one: an event loop waits for thousands. */
const mostWants = 16;

const flagBits: readonly (readonly [number, RecvFlag])[] = [
  [0x1, 'MSG_OOB'],
  [0x2, 'MSG_PEEK'],
  [0x100, 'MSG_WAITALL'],
];

const flagsOf = (flags: number | null): RecvFlag[] =>
  flagBits.filter(([bit]) => ((flags ?? 0) & bit) !== 0).map(([, name]) => name);

/** Whether the socket of this inode is told. */
export type IsTold = (inode: number) => boolean;

/** The inode of a socket that is told, 0 for any other descriptor. */
const inodeOf = (isTold: IsTold, { descriptor }: Touch): number =>
  descriptor?.kind === 'socket' && isTold(descriptor.inode) ? descriptor.inode : 0;

/** What a thread is at where its call is about no socket that is told. */
const elseAt = ({ descriptor }: Touch): ThreadDoing => {
  switch (descriptor?.kind) {
    case 'pipe':
      return 'pipe';
    case 'terminal':
      return 'terminal';
    case 'socket':
      return 'unix';
    default:
      return 'file';
  }
};

const wordBytes = 8;

/** Words of 64 bits in a process's memory; null where it may not be read. */
const wordsAt = (machine: Machine, pid: number, address: number, count: number): number[] | null => {
  const bytes = orElse(machine.proc.memory(pid, address, count * wordBytes), null);
  if (!bytes || bytes.length < count * wordBytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => Number(view.getBigUint64(index * wordBytes, true)));
};

/** More buffers than readv(2) takes (IOV_MAX). */
const mostBuffers = 1024;

/** struct iovec: where, and how many bytes. */
const bytesOfBuffers = (machine: Machine, pid: number, address: number, count: number): number => {
  const words = count > mostBuffers ? null : wordsAt(machine, pid, address, 2 * count);
  return (words ?? []).reduce((sum, word, index) => (index % 2 === 1 ? sum + word : sum), 0);
};

/** How many bytes a call asks for, or sends: readv and its like have them in memory; 0 where that cannot be read. */
const sizeOf = (machine: Machine, { pid, call, words }: Thread): number => {
  if (call.kind !== 'recv' && call.kind !== 'send') return 0;
  if (call.size !== null) return call.size;
  const [, , second, third] = words.split(' ').map(Number);
  if (call.name.endsWith('v')) return bytesOfBuffers(machine, pid, second ?? 0, third ?? 0);
  // struct msghdr (recvmsg(2)): name and its length, then the buffers and how many.
  const header = wordsAt(machine, pid, second ?? 0, 4);
  return header ? bytesOfBuffers(machine, pid, header[2]!, header[3]!) : 0;
};

const wantsOf = (isTold: IsTold, touches: readonly Touch[]): SeenWant[] =>
  touches
    .map(touch => ({
      fd: touch.fd,
      inode: inodeOf(isTold, touch),
      reads: touch.reads,
      writes: touch.writes,
    }))
    .sort((a, b) => Number(a.inode === 0) - Number(b.inode === 0) || a.fd - b.fd);

const pollOf = (isTold: IsTold, { needs, deadline }: Wait): SeenArguments | ThreadDoing => {
  const touches = [...new Set(needs.map(({ touch }) => touch))];
  const wants = wantsOf(isTold, touches);
  if (wants[0]?.inode === 0) return elseAt(touches[0]!);
  const more = Math.max(0, wants.length - mostWants);
  return { name: 'poll', wants: wants.slice(0, mostWants), timeout: deadline?.ms ?? null, more };
};

/** The call that a thread is in, or what it is about instead. */
export const seenCall = (machine: Machine, wait: Wait, isTold: IsTold): SeenArguments | ThreadDoing => {
  const { thread, idle, needs } = wait;
  const { call } = thread;
  if (idle !== null) return idle;
  if (call.kind === 'poll') return pollOf(isTold, wait);
  const [need] = needs;
  if (!need) return 'lock';
  const inode = inodeOf(isTold, need.touch);
  // Whom a Unix socket is being connected to nobody tells.
  const unaddressed = call.kind === 'connect' && need.socket?.transport === 'unix';
  if (inode === 0 || unaddressed) return elseAt(need.touch);
  switch (call.kind) {
    case 'recv': {
      const name = need.socket?.type === 'stream' ? 'recv' : 'recvfrom';
      return { name, inode, size: sizeOf(machine, thread), flags: flagsOf(call.flags) };
    }
    case 'send':
      return { name: 'send', inode, size: sizeOf(machine, thread) };
    case 'accept':
    case 'connect':
      return { name: call.kind, inode };
    default:
      return 'unknown';
  }
};

/** Whoever comes, in the words of what a socket's other end does. */
const actOf = ({ act }: Need): SeenNeed['act'] => (act === 'come' ? 'send' : act);

/** What would end the call; of an event loop's thousands those that somebody is needed for come first. */
export const seenNeeds = ({ needs }: Wait, isTold: IsTold): SeenNeed[] =>
  needs
    .map(need => ({
      fd: need.touch.fd,
      inode: inodeOf(isTold, need.touch),
      act: actOf(need),
      other: need.other && isTold(need.other.inode) ? need.other.inode : 0,
      by: need.by,
      free: need.free,
    }))
    .sort((a, b) => Number(a.free !== null) - Number(b.free !== null))
    .slice(0, mostWants);
