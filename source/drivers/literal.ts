import { isIP } from 'node:net';
import { type Endpoint, type InetEndpoint, inet } from '../core/endpoint.ts';
import type { InetFamily } from '../core/names.ts';
import { type Failure, failure } from '../core/outcome.ts';
import { intObjection } from '../core/python-numbers.ts';
import { interfaceIndex } from './interface-index.ts';

/** A literal address and the number of a port: what a system call takes. */
export type Literal = Pick<InetEndpoint, 'host' | 'port'>;

/** The address that a socket has before it is bound. */
export const anyAddress = (family: InetFamily): Endpoint => inet(wildcard(family), 0);

/** '' is every interface, of the socket's family (Python's reading; Node's would be :: for both). */
export const wildcard = (family: InetFamily): string => (family === 'AF_INET' ? '0.0.0.0' : '::');

/** 4, 6, or 0 for what is no address literal; one with a zone is one of IPv6 on an interface that there is. */
export const literalFamily = (host: string): number => {
  const at = host.indexOf('%');
  if (at < 0) return isIP(host);
  const known = isIP(host.slice(0, at)) === 6 && interfaceIndex(host.slice(at + 1)) !== undefined;
  return known ? 6 : 0;
};

/** An endpoint as a socket of this family can use it, or why not. No look-up is ever made here. */
export const literalFor = (
  family: InetFamily,
  address: Endpoint,
  call: string,
): (Literal & { readonly port: number }) | Failure => {
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
