import type { Call } from '../core/call.ts';
import type { Endpoint } from '../core/endpoint.ts';
import { familyOf, withWildcard } from '../core/ip.ts';
import { withLookup } from '../core/lookups.ts';
import type { Family } from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';

const addressOf = (call: Call): Endpoint | undefined => ('address' in call ? call.address : undefined);

const withAddress = (call: Call, change: Partial<Endpoint>): Call =>
  'address' in call ? { ...call, address: { ...call.address, ...change } } : call;

/**
 * The look-ups that must come before a call, as calls of their own: getservbyname where the port is a name,
 * getaddrinfo where the host is one. Usually none: a literal address, '' and '*' need none.
 */
export const lookupsFor = (call: Call, family: Family, protocol: 'tcp' | 'udp'): Call[] => {
  const address = addressOf(call);
  if (!address) return [];
  const { host, port } = address;
  const lookups: Call[] = [];
  if (typeof port === 'string') lookups.push({ name: 'getservbyname', on: '', service: port, protocol });
  if (familyOf(withWildcard(host, family)) === null)
    lookups.push({ name: 'getaddrinfo', on: '', host, port: 0, family });
  return lookups;
};

/** The call with what one look-up found put in its place. */
export const withAnswer = (call: Call, lookup: Call, answer: Outcome): Call =>
  withAddress(call, withLookup(undefined, lookup, answer));

/** The call with '' written out as the family's wildcard address; connecting to it means this machine, as in Linux. */
export const withoutWildcard = (call: Call, family: Family): Call => {
  const address = addressOf(call);
  if (!address) return call;
  const host = withWildcard(address.host, family);
  return host === address.host ? call : withAddress(call, { host });
};
