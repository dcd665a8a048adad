/** The three actors on screen. Each owns sockets and threads. */
export type Program = 'client' | 'tcp-server' | 'udp-server';

export const programs: readonly Program[] = ['client', 'tcp-server', 'udp-server'];

/** How a program's calls share threads; what each means is in threads.ts. */
export type Policy = 'single' | 'per-socket' | 'duplex';

export const policies: readonly Policy[] = ['single', 'per-socket', 'duplex'];

export type Family = 'AF_INET' | 'AF_INET6';

export type SocketType = 'SOCK_STREAM' | 'SOCK_DGRAM';

/** A host as typed (name or literal) and a port number or service name. No brackets around IPv6. */
export type Endpoint = { readonly host: string; readonly port: number | string };

const owners: Record<string, Program> = {
  c: 'client',
  s: 'tcp-server',
  a: 'tcp-server',
  u: 'udp-server',
};

/** The letter a new socket's name starts with: c client, s listener, a accepted, u datagram server. */
export type SocketLetter = 'c' | 's' | 'a' | 'u';

/** Socket names are one letter and a number: c1, s1, a1, u1. File objects are f1, f2 … */
export const isSocketName = (name: string): boolean => /^[csau][1-9]\d{0,8}$/.test(name);

export const isFileName = (name: string): boolean => /^f[1-9]\d{0,8}$/.test(name);

/** The program that owns a socket of this name, or undefined where the name is no socket's. */
export const programOf = (name: string): Program | undefined =>
  isSocketName(name) ? owners[name[0]!] : undefined;
