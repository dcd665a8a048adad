import type { UnixSocket } from '../../core/model/socket-facts.ts';
import { type NativeLibrary, nativeLibrary } from '../native/native-library.ts';
import { decodeUnixAnswers, oneUnixQuery } from './unix-diag.ts';

/** Asks the kernel for single Unix sockets by their inodes. */
export type UnixReader = {
  /** One for each, undefined where the kernel has no such socket or does not tell. */
  readonly ask: (inodes: readonly number[]) => (UnixSocket | undefined)[];
};

const AF_NETLINK = 16;
const NETLINK_SOCK_DIAG = 4;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const MSG_DONTWAIT = 0x40;

const createReader = (library: NativeLibrary, fd: number): UnixReader => {
  const answer = new Uint8Array(1024);
  const askOne = (inode: number): UnixSocket | undefined => {
    const query = oneUnixQuery(inode);
    // The kernel answers within send: nothing has to be waited for.
    if (library.send(fd, query, query.length, MSG_DONTWAIT) !== query.length) return undefined;
    const count = library.recv(fd, answer, answer.length, MSG_DONTWAIT);
    return count > 0 ? decodeUnixAnswers(answer.subarray(0, count)).sockets[0] : undefined;
  };
  return { ask: inodes => inodes.map(inode => (inode === 0 ? undefined : askOne(inode))) };
};

let reader: UnixReader | null | undefined;

/** One for the whole process; null where the kernel cannot be asked: koffi missing, no such protocol, not allowed. */
export const unixReader = (): UnixReader | null => {
  reader ??= open();
  return reader;
};

const open = (): UnixReader | null => {
  const library = nativeLibrary();
  if (typeof library === 'string') return null;
  const fd = library.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
  return fd < 0 ? null : createReader(library, fd);
};
