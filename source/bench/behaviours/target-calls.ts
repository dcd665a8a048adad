import { type Endpoint, isInet } from '../../core/addresses/endpoint.ts';
import { familyOf } from '../../core/addresses/ip.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';

const familyFor = (endpoint: Endpoint, { family }: RelayTarget): Family =>
  isInet(endpoint) ? (familyOf(endpoint.host) ?? family ?? 'AF_INET') : 'AF_UNIX';

/** A socket by which a relay reaches one of its target's addresses. */
export const socketFor = (endpoint: Endpoint, target: RelayTarget, type: SocketType): Call => ({
  name: 'socket',
  on: '',
  family: familyFor(endpoint, target),
  type,
});

const isName = (endpoint: Endpoint): boolean =>
  isInet(endpoint) && endpoint.host !== '' && familyOf(endpoint.host) === null;

/** What a relay does first to reach its target: a name is looked up, and each of its addresses tried in turn. */
export const firstCallTo = (target: RelayTarget, type: SocketType): Call => {
  const { endpoint, family } = target;
  if (isName(endpoint) && isInet(endpoint)) {
    const { host, port } = endpoint;
    return { name: 'getaddrinfo', on: '', host, port, ...(family && { family }) };
  }
  return socketFor(endpoint, target, type);
};
