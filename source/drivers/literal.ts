import { isIP } from 'node:net';
import type { Endpoint, Family } from '../core/names.ts';
import { type Failure, failure } from '../core/outcome.ts';
import { intObjection } from '../core/python-numbers.ts';

/** The address that a socket has before it is bound. */
export const anyAddress = (family: Family): Endpoint => ({ host: wildcard(family), port: 0 });

/** '' is every interface, of the socket's family (Python's reading; Node's would be :: for both). */
export const wildcard = (family: Family): string => (family === 'AF_INET' ? '0.0.0.0' : '::');

const withoutScope = (host: string): string => host.replace(/%.*$/, '');

/** 4, 6, or 0 for what is no address literal. */
export const literalFamily = (host: string): number => isIP(withoutScope(host));

/** An endpoint as a socket of this family can use it, or why not. No look-up is ever made here. */
export const literalFor = (
  family: Family,
  address: Endpoint,
  call: string,
): { host: string; port: number } | Failure => {
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
