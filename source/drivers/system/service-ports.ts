import { type Failure, type Found, failure } from '../../core/calls/outcome.ts';
import { intObjection } from '../../core/language/python-numbers.ts';
import { digits } from '../../core/language/units.ts';
import type { SocketType } from '../../core/model/names.ts';
import { transports } from '../../core/model/transports.ts';
import { serviceByName } from './services-file.ts';

/*
 * The service of getaddrinfo as CPython hands it over and glibc reads it (sysdeps/posix/getaddrinfo.c): digits as
 * strtoul(3) has them, kept in an int of 32 bits, of which the port is the lower 16; else a name of services(5).
 */

/** What each answer says besides its address, in glibc's order. */
export type Socket = Required<Pick<Found, 'type' | 'protocol'>> & { readonly port: number };

type Kind = Omit<Socket, 'port'> & { readonly service: string | null };

/** Numbers of the protocols from linux/in.h; a raw socket has none, and no service. */
const kinds: readonly Kind[] = [
  { type: 'SOCK_STREAM', protocol: transports.tcp.protocol, service: transports.tcp.id },
  { type: 'SOCK_DGRAM', protocol: transports.udp.protocol, service: transports.udp.id },
  { type: 'SOCK_RAW', protocol: 0, service: null },
];

const longest = 2n ** 64n - 1n;

/** The number that glibc makes of the text; null where it is below 0 as an int, or no number: a name then. */
const numberOf = (text: string): number | null => {
  const [, sign, number] = /^[ \t\n\v\f\r]*([+-]?)(\d+)$/.exec(text) ?? [];
  if (number === undefined) return text === '' || text === '*' ? 0 : null;
  const size = BigInt(number);
  const value = size > longest ? longest : sign === '-' ? -size : size;
  const int = BigInt.asIntN(32, value);
  return int < 0n ? null : Number(int & 0xffffn);
};

/** PyLong_AsLong, then text. */
const textOf = (service: number | string | null): string | Failure => {
  if (typeof service !== 'number') return service ?? '';
  const why = intObjection(service);
  if (why && (why.code === 'TYPE' || why.detail?.endsWith('C long'))) return why;
  return digits(service);
};

/** The sockets that a service is for, all of them or those of one type; or getaddrinfo's error. */
export const socketsFor = async (
  service: number | string | null,
  wanted: SocketType | undefined,
): Promise<{ readonly sockets: readonly Socket[]; readonly fallback?: string } | Failure> => {
  const text = textOf(service);
  if (typeof text !== 'string') return text;
  const number = numberOf(text);
  let fallback: string | undefined;
  const portOf = async (protocol: string | null): Promise<number | null> => {
    if (number !== null || protocol === null) return number;
    const found = await serviceByName(text, protocol);
    if (found.kind !== 'number') return null;
    fallback = found.fallback;
    return found.number;
  };
  const sockets: Socket[] = [];
  for (const { type, protocol, service: name } of kinds) {
    const port = wanted === undefined || type === wanted ? await portOf(name) : null;
    if (port !== null) sockets.push({ type, protocol, port });
  }
  if (sockets.length === 0) return failure('EAI_SERVICE', text);
  return { sockets, ...(fallback === undefined ? {} : { fallback }) };
};
