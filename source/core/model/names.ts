import { socketLetters } from './actors.ts';

/** Who takes entries on their way into the journal, or what it lets go of. */
export type SinkName = 'recording' | 'spool';

/** ss's words. */
export type SocketCondition =
  | 'CLOSED'
  | 'UNCONN'
  | 'LISTEN'
  | 'SYN-SENT'
  | 'ESTAB'
  | 'CLOSE-WAIT'
  | 'FIN-WAIT'
  | 'LAST-ACK'
  | 'RESET';

/** How a program's calls share threads; what each means is in threads.ts. */
export type Policy = 'single' | 'per-socket' | 'duplex';

export const policies: readonly Policy[] = ['single', 'per-socket', 'duplex'];

/** Families whose addresses are hosts and ports. */
export type InetFamily = 'AF_INET' | 'AF_INET6';

export type Family = InetFamily | 'AF_UNIX';

export type SocketType = 'SOCK_STREAM' | 'SOCK_DGRAM';

const ownName = new RegExp(`^[${socketLetters}][1-9]\\d{0,8}$`);

/** Names of the bench's own sockets are one letter and a number: c1, s1, a1, u1. File objects are f1, f2 … */
export const isOwnSocketName = (name: string): boolean => ownName.test(name);

const foreignName = /^p[1-9]\d{0,8}\.(?:0|[1-9]\d{0,8})[a-z]{0,4}$/;

/** A process's socket is named by the first descriptor that it was seen as: p1.4, and p1.4b where p1.4 is another that is open. */
export const isSocketName = (name: string): boolean => isOwnSocketName(name) || foreignName.test(name);

const letters = 26;

/** `p1.4` for the first socket of that descriptor, then `p1.4b`, `p1.4c` … `p1.4z`, `p1.4ba`. */
export const descriptorName = (actor: string, fd: number, nth: number): string => {
  let suffix = '';
  for (let left = nth; left > 0; left = Math.floor(left / letters)) {
    suffix = String.fromCharCode('a'.charCodeAt(0) + (left % letters)) + suffix;
  }
  return `${actor}.${fd}${suffix}`;
};

export const isFileName = (name: string): boolean => /^f[1-9]\d{0,8}$/.test(name);

/** The first socket that a text names, undefined where there is none. Of `p1.4.recv` and `c1.recv` what stands before the call. */
export const socketNamedIn = (text: string): string | undefined =>
  text
    .split(/[^\w.]+/)
    .flatMap(word => [word, word.slice(0, Math.max(0, word.lastIndexOf('.'))), ...word.split('.')])
    .find(isSocketName);
