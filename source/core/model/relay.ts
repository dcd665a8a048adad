import { formatEndpoint } from '../addresses/address.ts';
import { type Endpoint, hostAt, portAt } from '../addresses/endpoint.ts';
import { canonicalHost, isLoopback, isWildcard } from '../addresses/ip.ts';
import { sameEndpoint } from '../addresses/twins.ts';
import { t } from '../words/translate.ts';
import type { RelayTarget } from './relay-target.ts';
import type { SocketState } from './state.ts';
import type { TlsSettings } from './tls.ts';
import { shakesHands } from './transports.ts';

/** How a connection to the target is wrapped: the name asked for is the host's, where none is given. */
export const wrappedTo = ({ endpoint, tls }: RelayTarget): TlsSettings | null =>
  tls && { ...tls, serverHostname: tls.serverHostname ?? (hostAt(endpoint) || 'localhost') };

/** Where the kernel takes a connect to this host: to every interface means to this machine. */
const reachedAt = (host: string): readonly string[] => {
  if (host.toLowerCase() === 'localhost') return ['127.0.0.1', '::1'];
  if (!isWildcard(host)) return [canonicalHost(host)];
  return canonicalHost(host) === '::' ? ['::1'] : ['127.0.0.1'];
};

/** Whether who is bound to the one takes what is sent to the other. */
const takes = (local: string, host: string): boolean => {
  if (!isWildcard(local)) return reachedAt(local).includes(host);
  return isLoopback(host) && (canonicalHost(local) === '::' || !host.includes(':'));
};

/** Whether what is passed on comes back: another spelling, or every interface, is the same place. */
export const leadsBack = (local: Endpoint, target: Endpoint): boolean => {
  if (local.kind !== 'inet' || target.kind !== 'inet') return sameEndpoint(local, target);
  return local.port === target.port && reachedAt(target.host).some(host => takes(local.host, host));
};

/** A relay passes on a stream as a stream, and datagrams as datagrams: these two, as they are written, are not alike. */
export const unlikeSides = (datagrams: string, stream: string): string =>
  t`${datagrams} carries datagrams and ${stream} a stream: both are udp://, or neither`;

/** Why what comes to this place cannot be passed on to that one; null where it can. */
export const wayTrouble = (local: Endpoint, target: Endpoint): string | null => {
  if (portAt(target) === 0)
    return t`${formatEndpoint(target)} is nobody's: port 0 stands for any, and a relay needs the port of its target`;
  return leadsBack(local, target)
    ? t`a relay from ${formatEndpoint(local)} to ${formatEndpoint(target)} would lead back to itself`
    : null;
};

/** The same of a socket of datagrams, which must be able to answer every sender. */
const datagramTrouble = (name: string, socket: SocketState, target: RelayTarget): string | null => {
  if (socket.family === 'AF_UNIX')
    return t`${name} is a Unix datagram socket, whose senders often have no address: a relay passes on datagrams of UDP only`;
  if (!target.datagrams)
    return t`${name} carries datagrams: write its target as udp://, as in ${name}.relay udp://127.0.0.1:53`;
  if (!socket.local) return t`${name} is not bound: ${name}.bind comes before`;
  if (socket.peer) return t`${name} has a peer, and hears of nobody else: a relay needs a socket without`;
  return wayTrouble(socket.local, target.endpoint);
};

/** Why this socket cannot be a relay to there; null where it can. `name`: as it was asked for. */
export const relayTrouble = (
  name: string,
  socket: SocketState | undefined,
  target: RelayTarget | null,
): string | null => {
  if (!socket || socket.closed) return t`${name} is not open: a relay needs a socket that listens`;
  if (!target) return socket.relay ? null : t`${name} is no relay`;
  if (!shakesHands(socket)) return datagramTrouble(name, socket, target);
  if (target.datagrams)
    return t`${name} accepts connections, and udp:// takes datagrams: a relay passes on one to its like`;
  if (socket.condition !== 'LISTEN') return t`${name} does not listen: ${name}.listen comes before`;
  return socket.local && wayTrouble(socket.local, target.endpoint);
};
