/** What a descriptor of a process is, by the text of its link in /proc/PID/fd (proc(5)). `inode` of sockets and pipes. */
export type Descriptor = {
  readonly fd: number;
  readonly kind: 'socket' | 'pipe' | 'terminal' | 'epoll' | 'eventfd' | 'ring' | 'other';
  readonly inode: number;
  readonly target: string;
};

/** Sockets and pipes have their inode in the text, as in `socket:[4711]`. */
const socketBegins = 'socket:[';
const pipeBegins = 'pipe:[';

/** The inode of a socket by the text of its link; 0 of what is none. */
export const socketInode = (target: string): number =>
  target.startsWith(socketBegins) ? Number(target.slice(socketBegins.length, -1)) : 0;

const kindOf = (target: string): Descriptor['kind'] => {
  switch (target) {
    case 'anon_inode:[eventpoll]':
      return 'epoll';
    case 'anon_inode:[eventfd]':
      return 'eventfd';
    case 'anon_inode:[io_uring]':
      return 'ring';
    default:
      return /^\/dev\/(?:tty|pts\/|console)/.test(target) ? 'terminal' : 'other';
  }
};

export const descriptorOf = (fd: number, target: string): Descriptor => {
  const inode = socketInode(target);
  if (inode !== 0) return { fd, kind: 'socket', inode, target };
  if (target.startsWith(pipeBegins))
    return { fd, kind: 'pipe', inode: Number(target.slice(pipeBegins.length, -1)), target };
  return { fd, kind: kindOf(target), inode: 0, target };
};
