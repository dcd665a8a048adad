/**
 * Calls inside the kernel, on a socket or on a part of one. The kernel frees a socket when nobody holds it any more, and
 * a thread inside a system call holds it (fget in fs/file.c, Linux): close(2) in another thread takes the descriptor
 * away, and no FIN leaves before the call is over.
 */
export type Inside = {
  /** Whether a call is in flight. */
  readonly inside: () => boolean;
  /**
   * The descriptor is closed: no new call comes, and those in flight go on, but that a call on a socket with a timeout
   * ends with EBADF once it is woken. `then` is called whenever no call is left.
   */
  readonly letGo: (then: () => void) => void;
};
