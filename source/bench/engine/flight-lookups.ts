import { type InetEndpoint, isInet } from '../../core/addresses/endpoint.ts';
import { familyOf, withWildcard } from '../../core/addresses/ip.ts';
import type { Call } from '../../core/calls/call.ts';
import { withLookup } from '../../core/calls/lookups.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import type { TransportId } from '../../core/model/transports.ts';

/** The address of a call that may hold names to look up: those of Unix sockets are looked up by the kernel alone. */
const addressOf = (call: Call): InetEndpoint | undefined =>
  'address' in call && isInet(call.address) ? call.address : undefined;

const withAddress = (call: Call, change: Partial<InetEndpoint>): Call =>
  'address' in call && isInet(call.address) ? { ...call, address: { ...call.address, ...change } } : call;

/**
 * The look-ups that must come before a call, as calls of their own: getservbyname where the port is a name,
 * getaddrinfo where the host is one. Usually none: a literal address, '' and '*' need none.
 */
export const lookupsFor = (call: Call, family: Family, protocol: TransportId): Call[] => {
  const address = addressOf(call);
  // An address of another family is refused as it is.
  if (!address || family === 'AF_UNIX') return [];
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
  if (!address || family === 'AF_UNIX') return call;
  const host = withWildcard(address.host, family);
  return host === address.host ? call : withAddress(call, { host });
};
