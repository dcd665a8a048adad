import { endianness, networkInterfaces } from 'node:os';
import { type Endpoint, type InetEndpoint, inet, unix } from '../../core/addresses/endpoint.ts';
import { hostBytes, mappedBytes, withWildcard } from '../../core/addresses/ip.ts';
import type { Family, InetFamily } from '../../core/model/names.ts';
import { hexHost } from '../../core/model/proc-net.ts';
import { interfaceIndex } from '../kernel/interface-index.ts';
import { type InetLiteral, isInetLiteral, type Literal } from '../system/literal.ts';

/** Linux's numbers (bits/socket.h). */
export const familyNumber: Readonly<Record<Family, number>> = { AF_UNIX: 1, AF_INET: 2, AF_INET6: 10 };

export const socketAddressBytes = 28;

/** Of every family: struct sockaddr_un (unix(7)). */
export const largestAddressBytes = 110;

const littleEndian = endianness() === 'LE';

/**
 * struct sockaddr_in (16 bytes) or sockaddr_in6 (28) for a literal address of this family and a port number.
 * Source: ip(7), ipv6(7).
 */
export const encodeSocketAddress = (family: InetFamily, { host, port }: InetLiteral): Uint8Array => {
  const bytes = new Uint8Array(family === 'AF_INET' ? 16 : socketAddressBytes);
  const view = new DataView(bytes.buffer);
  const [address = '', zone = ''] = withWildcard(host, family).split('%');
  view.setUint16(0, familyNumber[family], littleEndian);
  view.setUint16(2, Number(port));
  if (family === 'AF_INET') bytes.set(hostBytes(address), 4);
  else {
    bytes.set(mappedBytes(hostBytes(address)), 8);
    view.setUint32(24, zone === '' ? 0 : (interfaceIndex(zone) ?? 0), littleEndian);
  }
  return bytes;
};

/** The zone of a link-local address, as Node spells it: the interface's name. */
const zoneOf = (scope: number): string => {
  const named = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some(({ family, scopeid }) => family === 'IPv6' && scopeid === scope),
  );
  return scope === 0 ? '' : `%${named?.[0] ?? scope}`;
};

/** fe80::/10 (RFC 4291): the only addresses that mean nothing without their interface. */
const isLinkLocal = (host: string): boolean => /^fe[89ab].:/.test(host);

/** The four bytes of an IPv4 address in network order, from `at` on. */
const dotted = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;

/** The address in 4 or 16 bytes in network order; a v4-mapped one as IPv4. */
export const hostOf = (address: Uint8Array): string =>
  address.length === 4 ? dotted(address, 0) : hexHost(Buffer.from(address).toString('hex'), false);

/** The number of its family, which is below 256, in a struct sockaddr. */
const familyIn = (bytes: Uint8Array): number => (littleEndian ? bytes[0] : bytes[1])!;

/** The endpoint in a struct sockaddr_in or sockaddr_in6; a v4-mapped address is spelt ::ffff:a.b.c.d, as Node does. */
export const decodeSocketAddress = (bytes: Uint8Array): InetEndpoint => {
  const port = bytes[2]! * 256 + bytes[3]!;
  if (familyIn(bytes) !== familyNumber.AF_INET6) return inet(dotted(bytes, 4), port);
  const host = hostOf(bytes.subarray(8, 24));
  if (!isLinkLocal(host)) return inet(host.includes(':') ? host : `::ffff:${host}`, port);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return inet(host + zoneOf(view.getUint32(24, littleEndian)), port);
};

/** No length at all is that of a sender without a name, which only Unix sockets can be. */
const isUnix = (address: Uint8Array, length: number): boolean =>
  length <= 2 || familyIn(address) === familyNumber.AF_UNIX;

/** A path ends with its NUL, an abstract name begins with one and may hold more. */
const decodeUnix = (address: Uint8Array, length: number): Endpoint => {
  const name = Buffer.from(address.subarray(2, Math.max(2, length)));
  return unix(name[0] === 0 ? name.toString() : name.toString().replace(/\0.*$/s, ''));
};

/**
 * The endpoint in a struct that is filled again and again: one object as long as the same stands there, since a flood
 * comes from one sender. An interface may get another name meanwhile, so an address with a zone is read anew.
 */
export const createAddressReader = (address: Uint8Array): ((length: number) => Endpoint) => {
  const words = new Int32Array(
    address.buffer,
    address.byteOffset,
    socketAddressBytes / Int32Array.BYTES_PER_ELEMENT,
  );
  const before = new Int32Array(words.length);
  let known: InetEndpoint | null = null;
  const isSame = (): boolean => {
    for (let i = 0; i < words.length; i++) if (words[i] !== before[i]) return false;
    return true;
  };
  return length => {
    if (isUnix(address, length)) return decodeUnix(address, length);
    if (known && isSame()) return known;
    const endpoint = decodeSocketAddress(address);
    before.set(words);
    known = endpoint.host.includes('%') ? null : endpoint;
    return endpoint;
  };
};

/** struct sockaddr_un: a path with its NUL, an abstract name without; no name binds to one of the kernel's choice. */
const encodeUnix = (path: string): Uint8Array => {
  const name = Buffer.from(path);
  const bytes = new Uint8Array(2 + name.length + Number(name.length > 0 && name[0] !== 0));
  new DataView(bytes.buffer).setUint16(0, familyNumber.AF_UNIX, littleEndian);
  bytes.set(name, 2);
  return bytes;
};

/** The struct sockaddr of any address; null where the family has no such one. */
export const encodeAddress = (family: Family, literal: Literal): Uint8Array | null => {
  if (!isInetLiteral(literal)) return family === 'AF_UNIX' ? encodeUnix(literal.path) : null;
  return family === 'AF_UNIX' ? null : encodeSocketAddress(family, literal);
};

/** The endpoint in what a system call filled in, `length` bytes of it. */
export const decodeAddress = (address: Uint8Array, length: number): Endpoint =>
  isUnix(address, length) ? decodeUnix(address, length) : decodeSocketAddress(address);
