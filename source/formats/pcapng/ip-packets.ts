import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import { hostBytes, mappedBytes } from '../../core/addresses/ip.ts';
import { roomFor, viewOf } from './room.ts';

/** Sum of the 16-bit words of the bytes, an odd last byte padded with zero; not yet folded (RFC 1071). */
export const wordSum = (bytes: Uint8Array, start = 0, end = bytes.length): number => {
  let sum = 0;
  const even = end - ((end - start) & 1);
  for (let at = start; at < even; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  return even < end ? sum + (bytes[even]! << 8) : sum;
};

/** The ones' complement of the sum with its carries added in: what stands in a checksum field. */
export const checksumOf = (sum: number): number => {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
};

/** A packet as a capture keeps it: its first bytes, and how long it was. */
export type Packet = { readonly bytes: Uint8Array; readonly length: number };

/** `length` bytes, of which `data` are known, from the start on. */
export type Payload = { readonly data: Uint8Array; readonly length: number };

/** TCP's header (RFC 9293, section 3.1); numbers modulo 2^32, `options` a multiple of 4 bytes long. */
export type TcpHeader = {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly window: number;
  readonly options: Uint8Array;
};

export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

const protocols = { tcp: 6, udp: 17 } as const;

/** Time to live, and IPv6's hop limit; a multicast datagram stays on its network (ip(7), IP_MULTICAST_TTL). */
const hops = 64;

/** Hosts that came lately: a session has few, and many packets. */
const knownHosts = new Map<string, Uint8Array>();

const bytesOf = (host: string): Uint8Array => {
  const known = knownHosts.get(host);
  if (known) return known;
  if (knownHosts.size >= 1000) knownHosts.clear();
  const bytes = Uint8Array.from(hostBytes(host));
  knownHosts.set(host, bytes);
  return bytes;
};

/** Both addresses in one family: an IPv4 one beside an IPv6 one becomes ::ffff:a.b.c.d. */
const addressPair = (from: InetEndpoint, to: InetEndpoint): [Uint8Array, Uint8Array] => {
  const [source, target] = [bytesOf(from.host), bytesOf(to.host)];
  if (source.length === target.length) return [source, target];
  return [Uint8Array.from(mappedBytes([...source])), Uint8Array.from(mappedBytes([...target]))];
};

const isMulticast = (address: Uint8Array): boolean =>
  address.length === 4 ? address[0]! >> 4 === 0xe : address[0] === 0xff;

/** RFC 791, section 3.1: identification 0, don't fragment. */
const v4Header = (bytes: Uint8Array, from: Uint8Array, to: Uint8Array, length: number, protocol: number) => {
  const view = viewOf(bytes);
  view.setUint8(0, 0x45);
  view.setUint16(2, 20 + length);
  view.setUint16(6, 0x4000);
  view.setUint8(8, isMulticast(to) ? 1 : hops);
  view.setUint8(9, protocol);
  bytes.set(from, 12);
  bytes.set(to, 16);
  view.setUint16(10, checksumOf(wordSum(bytes, 0, 20)));
};

/** RFC 8200, section 3. */
const v6Header = (bytes: Uint8Array, from: Uint8Array, to: Uint8Array, length: number, protocol: number) => {
  const view = viewOf(bytes);
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, protocol);
  view.setUint8(7, isMulticast(to) ? 1 : hops);
  bytes.set(from, 8);
  bytes.set(to, 24);
};

type Transport = {
  readonly protocol: keyof typeof protocols;
  readonly headerLength: number;
  readonly checksumAt: number;
  readonly fill: (view: DataView, at: number) => void;
};

/** The IP header, the transport's and the payload; the checksum covers the pseudo header (RFC 9293, RFC 768, RFC 8200). */
const packet = (from: InetEndpoint, to: InetEndpoint, payload: Payload, transport: Transport): Packet => {
  const [source, target] = addressPair(from, to);
  const ipLength = source.length === 4 ? 20 : 40;
  const { headerLength, checksumAt } = transport;
  const number = protocols[transport.protocol];
  const bytes = roomFor(ipLength + headerLength + payload.data.length);
  const view = viewOf(bytes);
  const length = headerLength + payload.length;
  (source.length === 4 ? v4Header : v6Header)(bytes, source, target, length, number);
  view.setUint16(ipLength, Number(from.port));
  view.setUint16(ipLength + 2, Number(to.port));
  transport.fill(view, ipLength);
  bytes.set(payload.data, ipLength + headerLength);
  const isWhole = payload.data.length === payload.length;
  const pseudo = wordSum(source) + wordSum(target) + length + number;
  const sum = isWhole ? checksumOf(pseudo + wordSum(bytes, ipLength)) : 0;
  // In UDP a 0 says that there is no checksum (RFC 768); IPv6 forbids that (RFC 8200, section 8.1).
  const neverZero = transport.protocol === 'udp' && (isWhole || source.length === 16);
  view.setUint16(ipLength + checksumAt, sum === 0 && neverZero ? 0xffff : sum);
  return { bytes, length: ipLength + headerLength + payload.length };
};

/** A segment as an IP packet. Its checksum stays 0 where part of the payload is not known. */
export const tcpPacket = (
  from: InetEndpoint,
  to: InetEndpoint,
  header: TcpHeader,
  payload: Payload,
): Packet =>
  packet(from, to, payload, {
    protocol: 'tcp',
    headerLength: 20 + header.options.length,
    checksumAt: 16,
    fill: (view, at) => {
      view.setUint32(at + 4, header.sequence);
      view.setUint32(at + 8, header.acknowledgement);
      view.setUint8(at + 12, (5 + header.options.length / 4) << 4);
      view.setUint8(at + 13, header.flags);
      view.setUint16(at + 14, header.window);
      for (const [index, byte] of header.options.entries()) view.setUint8(at + 20 + index, byte);
    },
  });

/** A datagram as an IP packet, never in fragments. */
export const udpPacket = (from: InetEndpoint, to: InetEndpoint, payload: Payload): Packet =>
  packet(from, to, payload, {
    protocol: 'udp',
    headerLength: 8,
    checksumAt: 6,
    fill: (view, at) => view.setUint16(at + 4, 8 + payload.length),
  });
