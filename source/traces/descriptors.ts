/** What a descriptor of a process is, by the text of its link in /proc/PID/fd (proc(5)). `inode` of sockets and pipes. */
export type Descriptor = {
  readonly fd: number;
  readonly kind: 'socket' | 'pipe' | 'terminal' | 'epoll' | 'eventfd' | 'ring' | 'other';
  readonly inode: number;
  readonly target: string;
};

const kindOf = (target: string): Descriptor['kind'] => {
  if (target.startsWith('socket:')) return 'socket';
  if (target.startsWith('pipe:')) return 'pipe';
  if (/^\/dev\/(?:tty|pts\/|console)/.test(target)) return 'terminal';
  switch (target) {
    case 'anon_inode:[eventpoll]':
      return 'epoll';
    case 'anon_inode:[eventfd]':
      return 'eventfd';
    case 'anon_inode:[io_uring]':
      return 'ring';
    default:
      return 'other';
  }
};

export const descriptorOf = (fd: number, target: string): Descriptor => ({
  fd,
  kind: kindOf(target),
  inode: Number(/^(?:socket|pipe):\[(\d+)\]$/.exec(target)?.[1] ?? 0),
  target,
});
