import type { Descriptor } from '../proc/descriptors.ts';
import type { Machine } from '../proc/machine.ts';
import { orElse } from '../proc/proc-files.ts';
import type { WaitSet } from '../proc/thread-call.ts';
import type { Thread } from '../proc/thread-reader.ts';
import {
  decodePollArray,
  decodeSelectSets,
  parseEpollTargets,
  pollEntryBytes,
  setBytes,
  type Want,
} from '../proc/wait-sets.ts';

/** A descriptor that a call is about, and for what; `descriptor` is null where nobody has that number any more. */
export type Touch = Want & { readonly descriptor: Descriptor | null };

/** More than any program polls at once: what is beyond is taken for a number that was misread. */
const longest = 1 << 20;

const polled = (machine: Machine, pid: number, set: WaitSet): readonly Want[] | null => {
  const { proc } = machine;
  const bytesAt = (address: number, length: number) =>
    address === 0 || length === 0 ? null : orElse(proc.memory(pid, address, length), null);
  switch (set.kind) {
    case 'poll': {
      if (set.count > longest) return null;
      const bytes = bytesAt(set.address, set.count * pollEntryBytes);
      return bytes || set.count === 0 ? decodePollArray(bytes ?? new Uint8Array()) : null;
    }
    case 'select': {
      const { count, sets } = set;
      if (count < 0 || count > longest) return null;
      const [reads, writes, excepts] = sets;
      const read = [reads, writes, excepts].map(address => bytesAt(address, setBytes(count)));
      if (sets.some((address, index) => address !== 0 && count > 0 && !read[index])) return null;
      return decodeSelectSets(count, [read[0] ?? null, read[1] ?? null, read[2] ?? null]);
    }
    case 'epoll': {
      const info = proc.read(`${pid}/fdinfo/${set.fd}`);
      return info.ok ? parseEpollTargets(info.value) : null;
    }
  }
};

/** An epoll keeps the file that was added: the number may be another file's by now. */
const isSame = (want: Want, descriptor: Descriptor): boolean =>
  !('inode' in want) || descriptor.inode === 0 || descriptor.inode === want.inode;

/** What a thread's call is about; null where that cannot be read. */
export const touchesOf = (machine: Machine, { pid, call }: Thread): readonly Touch[] | null => {
  const touch = (want: Want): Touch => {
    const found = machine.descriptor(pid, want.fd);
    return { ...want, descriptor: found && isSame(want, found) ? found : null };
  };
  switch (call.kind) {
    case 'recv':
    case 'accept':
      return [touch({ fd: call.fd, reads: true, writes: false })];
    case 'send':
    case 'connect':
      return [touch({ fd: call.fd, reads: false, writes: true })];
    case 'poll':
      // In one order, whatever the call's own is: workers that do alike are to look alike.
      return (
        polled(machine, pid, call.set)
          ?.map(touch)
          .sort((a, b) => a.fd - b.fd) ?? null
      );
    default:
      return [];
  }
};
