import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import {
  type Address,
  defaultHost,
  defaultPort,
  formatEndpoint,
  parseAddress,
} from '../../core/addresses/address.ts';
import { isInet } from '../../core/addresses/endpoint.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import { parseRelayTarget } from '../../core/language/relay-text.ts';
import { formatDuration, parseSize, parseTimeout } from '../../core/language/units.ts';
import { serves } from '../../core/model/actors.ts';
import type { SocketType } from '../../core/model/names.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import { addressNamed } from '../../core/model/saved-names.ts';
import { marked, t } from '../../core/words/translate.ts';
import type { Parameter } from './command.ts';
import { programInFocus } from './targets.ts';
import { parseWrappedAddress, type WrappedAddress } from './wrapped-address.ts';

const defaultAddress = `${defaultHost}:${defaultPort}`;

const newest = (world: World, type: SocketType, condition: string): string | undefined => {
  let found: string | undefined;
  for (const socket of shownBench(world).sockets.values()) {
    if (socket.closed || socket.type !== type || socket.condition !== condition || !socket.local) continue;
    if (serves(socket.actor)) found = formatEndpoint(reachable(socket.local));
  }
  return found;
};

/** A listener on every interface is reached through the loopback address of its family. */
const reachable = (local: Address['endpoint']): Address['endpoint'] => {
  if (!isInet(local)) return local;
  if (local.host === '0.0.0.0') return { ...local, host: '127.0.0.1' };
  return local.host === '::' ? { ...local, host: '::1' } : local;
};

/** An address as it is written, or the name that one is kept under. */
const readAddress = (text: string, { view }: World): Parsed<Address> =>
  parseAddress(addressNamed(view.saved, text));

export const addressToBind: Parameter<WrappedAddress> = {
  title: marked('address'),
  hint: marked(
    'PORT, HOST:PORT, [IPv6]:PORT, unix:/path; :PORT is every interface; ports may be names; tls:// URL, behind it certfile FILE and so on',
  ),
  fallback: () => defaultAddress,
  kept: 'endpoint',
  parse: (text, { view }) => parseWrappedAddress(addressNamed(view.saved, text)),
};

export const addressToReach: Parameter<WrappedAddress> = {
  title: marked('address'),
  hint: marked(
    'PORT, HOST:PORT, [IPv6]:PORT, unix:/path, tcp://, udp:// or tls:// URL, with insecure or cafile FILE behind it; ports may be names',
  ),
  fallback: world => world.view.reach || (newest(world, 'SOCK_STREAM', 'LISTEN') ?? defaultAddress),
  kept: 'endpoint',
  parse: (text, { view }) => parseWrappedAddress(addressNamed(view.saved, text)),
};

/** Where a relay passes on to, with the settings of `wrap` behind a tls:// address. */
export const relayTarget: Parameter<RelayTarget> = {
  title: marked('target'),
  hint: marked('HOST:PORT, PORT of this machine, unix:/path, tls:// or udp://HOST:PORT'),
  kept: 'endpoint',
  parse: (text, { view }) =>
    text.trim() === ''
      ? refused(t('where to? Write an address, as in 127.0.0.1:6379'))
      : parseRelayTarget(addressNamed(view.saved, text)),
};

/** Where an UDP socket of the client talks to; empty leaves it open to every peer. */
export const datagramAddress: Parameter<Address | null> = {
  title: marked('address'),
  hint: marked(
    'PORT, HOST:PORT, [IPv6]:PORT, unix:/path; :PORT is every interface; ports may be names; in the Client the peer to connect to, empty for none',
  ),
  fallback: world =>
    serves(programInFocus(world))
      ? defaultAddress
      : (newest(world, 'SOCK_DGRAM', 'UNCONN') ?? defaultAddress),
  kept: 'endpoint',
  parse: (text, world) => (text.trim() === '' ? parsed(null) : readAddress(text, world)),
};

export const backlogSize: Parameter<number> = {
  title: marked('backlog'),
  hint: marked('how many connections may wait to be accepted: 0 to 65535'),
  fallback: () => '128',
  parse: text => {
    if (!/^\d{1,9}$/.test(text.trim()))
      return refused(t`"${text}" is no number of connections: write 0 to 65535`);
    const value = Number(text);
    return value > 65_535 ? refused(t`${value} is more than a queue holds: write 0 to 65535`) : parsed(value);
  },
};

export const timeoutValue: Parameter<number | null> = {
  title: marked('timeout'),
  hint: marked('500ms, 2s, none (waits for ever), 0 (never waits)'),
  fallback: () => formatDuration(2000),
  parse: text => parseTimeout(text.trim()),
};

export const receiveSize: Parameter<number> = {
  title: marked('size'),
  hint: marked('at most so many bytes: 4096, 64KiB'),
  fallback: () => '4096',
  parse: text => {
    const size = parseSize(text.trim());
    if (!size.ok || size.value <= 2 ** 30) return size;
    return refused(t`${text} is more than one call can hold here: write at most 1GiB`);
  },
};

/** One of a few words. */
export const oneOf = <T extends string>(
  title: string,
  words: readonly T[],
  fallback: (world: World) => T,
): Parameter<T> => ({
  title,
  hint: words.join(', '),
  fallback,
  parse: text => {
    const word = words.find(each => each === text.trim().toLowerCase());
    return word === undefined ? refused(t`"${text}" is none of ${words.join(', ')}`) : parsed(word);
  },
});

/** Any text at all. */
export const anyText = (title: string, hint: string): Parameter<string> => ({
  title,
  hint,
  parse: text => (text === '' ? refused(t`${t(title)} is missing: ${t(hint)}`) : parsed(text)),
});
