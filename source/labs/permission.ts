import { formatEndpoint } from '../core/addresses/address.ts';
import type { Endpoint, UnixEndpoint } from '../core/addresses/endpoint.ts';
import { canonicalHost, familyOf, isLoopback } from '../core/addresses/ip.ts';
import { endpointKey } from '../core/addresses/twins.ts';
import { quoteText } from '../core/bytes/payload.ts';
import type { Call } from '../core/calls/call.ts';
import { hasIn } from '../core/calls/calls.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import type { RelayTarget } from '../core/model/relay-target.ts';
import type { SocketState } from '../core/model/state.ts';
import { t } from '../core/words/translate.ts';

/** What a stranger's lab may not do unasked. `allow` is the flag of `run` that lets it. */
export type Wish = {
  /** What the call would do, to follow its text: `would leave this machine`. */
  readonly would: string;
  readonly allow: '--allow-net' | '--allow-read' | '--allow-run';
};

const net = (would: string): Wish => ({ would, allow: '--allow-net' });

/** Options that join a group: the system tells its neighbours on that interface (IGMP, RFC 3376; MLD, RFC 3810). */
const joins = /^(IP|IPV6|MCAST)_(ADD|JOIN)_/;

const sendInterfaces: ReadonlySet<string> = new Set(['IP_MULTICAST_IF', 'IPV6_MULTICAST_IF']);

/** 224.0.0.0/4 and ff00::/8. */
const isMulticast = (host: string): boolean => {
  const canonical = canonicalHost(host);
  return /^(22[4-9]|23\d)\./.test(canonical) || /^ff[0-9a-f]{2}:/.test(canonical);
};

/** An interface by its address or its name, `lo`; an address may carry the name as its zone. */
const isLoopbackInterface = (word: string): boolean =>
  word === 'lo' || word.endsWith('%lo') || (word !== 'localhost' && isLoopback(word));

/** A group, and the interface behind it. */
const joinsOnLoopback = (value: string): boolean => {
  const words = value.trim().split(/[\s,]+/);
  const [group = ''] = words;
  return group.endsWith('%lo') || (words.length > 1 && isLoopbackInterface(words.at(-1)!));
};

/** Follows what a lab's sockets were set to, and says of each call what it would do beyond this machine. */
export type Guard = {
  readonly wish: (call: Call, socket: SocketState | undefined) => Wish | null;
  /** The same of what a relay connects. */
  readonly wishOfRelay: (target: RelayTarget) => Wish | null;
  /** Takes notice of what a call has changed. */
  readonly ended: (call: Call, outcome: Outcome) => void;
};

export const createGuard = (): Guard => {
  /** Sockets whose multicast goes out on the loopback interface. */
  const local = new Set<string>();

  /** Addresses of Unix sockets that the lab has bound itself. */
  const own = new Set<string>();

  /** Who listens on a Unix socket may do anything for whom it lets in: a service of the desktop, of containers. */
  const reachUnix = (address: UnixEndpoint): Wish | null =>
    own.has(endpointKey(address))
      ? null
      : net(t`would reach another program of this machine: ${formatEndpoint(address)}`);

  const bound = (address: Endpoint): Wish | null => {
    if (address.kind === 'unix')
      return address.path === '' || address.path.startsWith('\0')
        ? null
        : net(t`would make a file: ${formatEndpoint(address)}`);
    return isLoopback(address.host)
      ? null
      : net(t`would be reached from other machines: ${formatEndpoint(address)} is beyond loopback`);
  };

  const reach = (call: Extract<Call, { name: 'connect' | 'sendto' }>): Wish | null => {
    if (call.address.kind === 'unix') return reachUnix(call.address);
    const { host } = call.address;
    if (isLoopback(host) || (isMulticast(host) && (local.has(call.on) || host.endsWith('%lo')))) return null;
    const where = formatEndpoint(call.address);
    return net(t`would leave this machine: ${where} is beyond loopback`);
  };

  const option = (call: Extract<Call, { name: 'setsockopt' }>): Wish | null => {
    const value = String(call.value);
    if (sendInterfaces.has(call.option) && !isLoopbackInterface(value.trim()))
      return net(t('would leave this machine: it sends to groups on an interface beyond loopback'));
    return joins.test(call.option) && !joinsOnLoopback(value)
      ? net(
          t(
            'would leave this machine: joining a group is told to the neighbours of an interface beyond loopback',
          ),
        )
      : null;
  };

  const named = (host: string): Wish | null =>
    net(t`would leave this machine: the name servers are asked about ${quoteText(host)}`);

  const wish: Guard['wish'] = (call, socket) => {
    switch (call.name) {
      case 'connect':
      case 'sendto':
        return reach(call);
      case 'bind':
        return bound(call.address);
      case 'listen':
        return socket && socket.local === null && socket.family !== 'AF_UNIX'
          ? net(
              t`would be reached from other machines: ${call.on} is not bound, so it listens on every interface`,
            )
          : null;
      case 'getaddrinfo':
        // No name, or one that is asked of nobody.
        if (call.host === null || call.host === '' || call.host === '*') return null;
        return familyOf(call.host) !== null || isLoopback(call.host) ? null : named(call.host);
      case 'gethostbyaddr':
        return isLoopback(call.host) ? null : named(call.host);
      case 'setsockopt':
        return option(call);
      // How far a socket reaches, bind, listen and connect have settled; names of services are read from a file.
      case 'socket':
      case 'accept':
      case 'send':
      case 'sendall':
      case 'recv':
      case 'recvfrom':
      case 'wrap':
      case 'shutdown':
      case 'close':
      case 'reset':
      case 'settimeout':
      case 'gettimeout':
      case 'getsockopt':
      case 'getsockname':
      case 'getpeername':
      case 'makefile':
      case 'read':
      case 'readline':
      case 'write':
      case 'flush':
      case 'getservbyname':
      case 'getservbyport':
      case 'poll':
        return null;
    }
  };

  return {
    wish,
    wishOfRelay: ({ endpoint }) => reach({ name: 'connect', on: '', address: endpoint }),
    ended: (call, outcome) => {
      if (hasIn(call, 'sets', 'address') && outcome.kind === 'none') own.add(endpointKey(call.address));
      if (hasIn(call, 'returns', 'socket') && outcome.kind === 'made') local.delete(outcome.name);
      if (!hasIn(call, 'sets', 'option') || !sendInterfaces.has(call.option) || outcome.kind === 'error')
        return;
      if (isLoopbackInterface(String(call.value).trim())) local.add(call.on);
    },
  };
};
