/** What a descriptor of a process is, by the text of its link in /proc/PID/fd (proc(5)). `inode` of sockets and pipes. */
export type Descriptor = {
  readonly fd: number;
  readonly kind: 'socket' | 'pipe' | 'terminal' | 'epoll' | 'eventfd' | 'ring' | 'other';
  readonly inode: number;
  readonly target: string;
};

/** Sockets and pipes have their inode in the text, as in `socket:[4711]`. */
const numbered = ['socket', 'pipe'] as const;

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
  for (const kind of numbered) {
    if (target.startsWith(`${kind}:[`))
      return { fd, kind, inode: Number(target.slice(kind.length + 2, -1)), target };
  }
  return { fd, kind: kindOf(target), inode: 0, target };
};
