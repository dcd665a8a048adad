import { socketLetters } from './actors.ts';

/** How a program's calls share threads; what each means is in threads.ts. */
export type Policy = 'single' | 'per-socket' | 'duplex';

export const policies: readonly Policy[] = ['single', 'per-socket', 'duplex'];

/** Families whose addresses are hosts and ports. */
export type InetFamily = 'AF_INET' | 'AF_INET6';

export type Family = InetFamily;

export type SocketType = 'SOCK_STREAM' | 'SOCK_DGRAM';

const socketName = new RegExp(`^[${socketLetters}][1-9]\\d{0,8}$`);

/** Socket names are one letter and a number: c1, s1, a1, u1. File objects are f1, f2 … */
export const isSocketName = (name: string): boolean => socketName.test(name);

export const isFileName = (name: string): boolean => /^f[1-9]\d{0,8}$/.test(name);

/** The first socket that a text names, undefined where there is none. */
export const socketNamedIn = (text: string): string | undefined => text.split(/[^\w]+/).find(isSocketName);
