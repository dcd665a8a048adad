import { calls, hasIn } from '../../core/calls/calls.ts';
import type { Family } from '../../core/model/names.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
import type { Streamed } from '../projection/projection.ts';
import type { SyscallContext } from './strace-calls.ts';

/** 0, 1 and 2 are the standard streams. */
const firstDescriptor = 3;

/** Descriptors as the kernel gives them: the lowest that is free (open(2)). `families`: of sockets that a look found in a process. */
const createDescriptors = (families: ReadonlyMap<string, Family>) => {
  const byName = new Map<string, { readonly fd: number; readonly family: Family }>();
  /** A process's socket has its own number, which its name tells. */
  const foreign = (name: string) => {
    const fd = /^p\d+\.(\d+)/.exec(name)?.[1];
    return fd === undefined
      ? undefined
      : { fd: Number(fd), family: families.get(name) ?? ('AF_INET' as const) };
  };
  const lowest = (): number => {
    const used = new Set([...byName.values()].map(({ fd }) => fd));
    let fd = firstDescriptor;
    while (used.has(fd)) fd++;
    return fd;
  };
  return {
    open: (name: string, family: Family): number => {
      const fd = lowest();
      byName.set(name, { fd, family });
      return fd;
    },
    close: (name: string) => byName.delete(name),
    of: (name: string) => byName.get(name) ?? foreign(name) ?? { fd: -1, family: 'AF_INET' as const },
  };
};

/** Descriptors and file objects as they are at each moment of the session. */
export type StraceKernel = {
  /** What a call that begins now depends on; null where it only gives up a name for what stays open. */
  readonly begin: (planned: PlannedCall) => SyscallContext | null;
  /** The call has ended; answers the descriptor of the socket that it made, else -1. */
  readonly end: (planned: PlannedCall) => number;
};

export const createStraceKernel = ({ begun, files: filesOf, told }: Streamed): StraceKernel => {
  const descriptors = createDescriptors(told().families);
  const files = filesOf();
  /** Sockets that were closed while a file object keeps them open. */
  const closing = new Set<string>();
  for (const { name, family, closed } of begun?.sockets.values() ?? [])
    if (!closed) descriptors.open(name, family);

  const make = ({ call, outcome }: PlannedCall): number => {
    if (outcome?.kind !== 'made') return -1;
    if (hasIn(call, 'returns', 'file')) files.open(outcome.name, call.on);
    if (hasIn(call, 'returns', 'socket')) return descriptors.open(outcome.name, call.family);
    if (!hasIn(call, 'returns', 'connection')) return -1;
    return descriptors.open(outcome.name, descriptors.of(call.on).family);
  };

  const close = (socket: string, isFile: boolean, held: boolean) => {
    if (isFile ? !closing.has(socket) : held) {
      if (!isFile) closing.add(socket);
      return;
    }
    if (!held) descriptors.close(socket);
  };

  return {
    begin: ({ call, outcome }) => {
      const socket = files.socketOf(call.on);
      if (hasIn(call, 'ends', 'descriptor') && (files.isFile(call.on) || files.openOn(socket) > 0))
        return null;
      const { fd, family } = descriptors.of(socket);
      return { descriptor: fd, family, outgoing: files.outgoing(call, outcome), made: -1 };
    },
    end: planned => {
      const { call, outcome } = planned;
      const socket = files.socketOf(call.on);
      const isFile = files.isFile(call.on);
      if (outcome) files.ended(call, outcome);
      const { ends } = calls[call.name];
      const succeeds = outcome?.kind !== 'error';
      if (succeeds && ends === 'descriptor') close(socket, isFile, files.openOn(socket) > 0);
      if (succeeds && ends === 'connection') descriptors.close(socket);
      return make(planned);
    },
  };
};
