import { isIP } from 'node:net';
import {
  type Endpoint,
  type InetEndpoint,
  inet,
  type UnixEndpoint,
  unix,
} from '../../core/addresses/endpoint.ts';
import { type Failure, failure } from '../../core/calls/outcome.ts';
import { intObjection } from '../../core/language/python-numbers.ts';
import type { Family, InetFamily } from '../../core/model/names.ts';
import { interfaceIndex } from '../kernel/interface-index.ts';

/** A literal address and the number of a port: what a system call takes. */
export type InetLiteral = Pick<InetEndpoint, 'host' | 'port'>;

/** The same of any family. */
export type Literal = InetLiteral | Pick<UnixEndpoint, 'path'>;

export const isInetLiteral = (literal: Literal): literal is InetLiteral => 'host' in literal;

/** The address that a socket has before it is bound. */
export const anyAddress = (family: Family): Endpoint =>
  family === 'AF_UNIX' ? unix('') : inet(wildcard(family), 0);

/** What binds a socket of the family without saying where: every interface, a port of the kernel's choice. */
export const anyLiteral = (family: Family): Literal =>
  family === 'AF_UNIX' ? { path: '' } : { host: wildcard(family), port: 0 };

/** '' is every interface, of the socket's family (Python's reading; Node's would be :: for both). */
const wildcard = (family: InetFamily): string => (family === 'AF_INET' ? '0.0.0.0' : '::');

/** The address of a literal, as the person wrote it, for an error's detail. */
export const literalWords = (literal: Literal): string | undefined =>
  isInetLiteral(literal) ? `${literal.host} port ${literal.port}` : undefined;

/** 4, 6, or 0 for what is no address literal; one with a zone is one of IPv6 on an interface that there is. */
export const literalFamily = (host: string): number => {
  const at = host.indexOf('%');
  if (at < 0) return isIP(host);
  const known = isIP(host.slice(0, at)) === 6 && interfaceIndex(host.slice(at + 1)) !== undefined;
  return known ? 6 : 0;
};

/** CPython reads the address by the family of the socket (getsockaddrarg in socketmodule.c). */
const otherFamily = (family: Family, call: string): Failure =>
  failure(
    'TYPE',
    family === 'AF_UNIX'
      ? "a bytes-like object is required, not 'tuple'"
      : `${call}(): ${family} address must be tuple, not str`,
  );

/** A path needs room for its NUL in the 108 bytes of sun_path (unix(7)); an abstract name has none. */
const unixLiteral = (path: string): Literal | Failure => {
  const length = Buffer.byteLength(path);
  const fits = path.startsWith('\0') ? length <= longestPath : length < longestPath;
  return fits ? { path } : failure('PATH_TOO_LONG');
};

const longestPath = 108;

/** An endpoint as a socket of this family can use it, or why not. No look-up is ever made here. */
export const literalFor = (family: Family, address: Endpoint, call: string): Literal | Failure => {
  if (address.kind === 'unix')
    return family === 'AF_UNIX' ? unixLiteral(address.path) : otherFamily(family, call);
  return family === 'AF_UNIX' ? otherFamily(family, call) : inetLiteral(family, address, call);
};

const inetLiteral = (
  family: InetFamily,
  address: InetEndpoint,
  call: string,
): (InetLiteral & { readonly port: number }) | Failure => {
  const { port } = address;
  const host =
    address.host === ''
      ? wildcard(family)
      : address.host === '<broadcast>'
        ? '255.255.255.255'
        : address.host;
  const why = intObjection(port);
  if (why?.code === 'TYPE') return why;
  const number = Number(port);
  if (why || number < 0 || number > 65_535) return failure('OVERFLOW', `${call}: port ${port}`);
  const kind = literalFamily(host);
  if (kind === 0) return failure('EAI_NONAME', host);
  if ((kind === 4) !== (family === 'AF_INET')) return failure('EAI_ADDRFAMILY', host);
  // Without the sign of -0, which Node's bindings take for no uint32 and abort.
  return { host, port: Math.abs(number) };
};
