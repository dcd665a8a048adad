import type { Call } from '../core/call.ts';
import type { Endpoint, Family } from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';

const isV4 = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host);

const isV6 = (host: string): boolean => host.includes(':');

/** '' and '*' stand for every interface of the family, as '' does in Python. */
const wildcard = (family: Family): string => (family === 'AF_INET' ? '0.0.0.0' : '::');

const isWildcard = (host: string): boolean => host === '' || host === '*';

/** The address of a call that has one. */
const addressOf = (call: Call): Endpoint | undefined =>
  'address' in call && typeof call.address === 'object' ? call.address : undefined;

const needsHost = (host: string): boolean => !(isWildcard(host) || isV4(host) || isV6(host));

/**
 * The look-ups that must come before a call, as calls of their own: getservbyname where the port is a name,
 * getaddrinfo where the host is one. Usually none.
 */
export const lookupsFor = (call: Call, family: Family, protocol: 'tcp' | 'udp'): Call[] => {
  const address = addressOf(call);
  if (!address) return [];
  const lookups: Call[] = [];
  if (typeof address.port === 'string') {
    lookups.push({ name: 'getservbyname', on: '', service: address.port, protocol });
  }
  if (needsHost(address.host)) {
    lookups.push({ name: 'getaddrinfo', on: '', host: address.host, port: 0, family });
  }
  return lookups;
};

/** The call with what one look-up found put in its place. */
export const withAnswer = (call: Call, lookup: Call, answer: Outcome): Call => {
  const address = addressOf(call);
  if (!address) return call;
  if (lookup.name === 'getservbyname' && answer.kind === 'number' && answer.number !== null) {
    return { ...call, address: { ...address, port: answer.number } } as Call;
  }
  const found = answer.kind === 'endpoints' ? answer.endpoints[0] : undefined;
  return found ? ({ ...call, address: { ...address, host: found.host } } as Call) : call;
};

/** The call with '' written out as the family's wildcard address; connecting to it means this machine, as in Linux. */
export const withoutWildcard = (call: Call, family: Family): Call => {
  const address = addressOf(call);
  if (!address || !isWildcard(address.host)) return call;
  return { ...call, address: { ...address, host: wildcard(family) } } as Call;
};
