import { endianness, networkInterfaces } from 'node:os';
import { type InetEndpoint, inet } from '../core/endpoint.ts';
import { hostBytes, mappedBytes, withWildcard } from '../core/ip.ts';
import type { InetFamily } from '../core/names.ts';
import { hexHost } from '../core/proc-net.ts';
import { interfaceIndex } from './interface-index.ts';
import type { Literal } from './literal.ts';

/** Linux's numbers (bits/socket.h). */
export const familyNumber: Readonly<Record<InetFamily, number>> = { AF_INET: 2, AF_INET6: 10 };

export const socketAddressBytes = 28;

const littleEndian = endianness() === 'LE';

/**
 * struct sockaddr_in (16 bytes) or sockaddr_in6 (28) for a literal address of this family and a port number.
 * Source: ip(7), ipv6(7).
 */
export const encodeSocketAddress = (family: InetFamily, { host, port }: Literal): Uint8Array => {
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

/** The address in 4 or 16 bytes in network order; a v4-mapped one as IPv4. */
export const hostOf = (address: Uint8Array): string => hexHost(Buffer.from(address).toString('hex'), false);

/** The endpoint in a struct sockaddr_in or sockaddr_in6; a v4-mapped address is spelt ::ffff:a.b.c.d, as Node does. */
export const decodeSocketAddress = (bytes: Uint8Array): InetEndpoint => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const six = view.getUint16(0, littleEndian) === familyNumber.AF_INET6;
  const host = hostOf(six ? bytes.subarray(8, 24) : bytes.subarray(4, 8));
  const port = view.getUint16(2);
  if (six && isLinkLocal(host)) return inet(host + zoneOf(view.getUint32(24, littleEndian)), port);
  return inet(six && !host.includes(':') ? `::ffff:${host}` : host, port);
};

/**
 * The endpoint in a struct that is filled again and again: one object as long as the same stands there, since a flood
 * comes from one sender. An interface may get another name meanwhile, so an address with a zone is read anew.
 */
export const createAddressReader = (address: Uint8Array): (() => InetEndpoint) => {
  const { buffer, byteOffset, byteLength } = address;
  const words = new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
  const before = new Int32Array(words.length);
  let known: InetEndpoint | null = null;
  const isSame = (): boolean => {
    for (let i = 0; i < words.length; i++) if (words[i] !== before[i]) return false;
    return true;
  };
  return () => {
    if (known && isSame()) return known;
    const endpoint = decodeSocketAddress(address);
    before.set(words);
    known = endpoint.host.includes('%') ? null : endpoint;
    return endpoint;
  };
};
