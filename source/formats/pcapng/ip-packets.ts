import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import { hostBytes, mappedBytes } from '../../core/addresses/ip.ts';
import { put16, put32 } from './big-endian.ts';

/**
 * Sum of the 16-bit words of the bytes, an odd last byte padded with zero; not yet folded (RFC 1071). Two words at a time, which two
 * whole numbers of 32 bits have room for up to 128 KiB: no packet has more.
 */
export const wordSum = (bytes: DataView, start = 0, end = bytes.byteLength): number => {
  let first = 0;
  let second = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const both = bytes.getInt32(at);
    first = (first + (both >>> 16)) | 0;
    second = (second + (both & 0xffff)) | 0;
  }
  if (at + 2 <= end) {
    first += bytes.getUint16(at);
    at += 2;
  }
  return first + second + (at < end ? bytes.getUint8(at) << 8 : 0);
};

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length);

/** The ones' complement of the sum with its carries added in: what stands in a checksum field. */
export const checksumOf = (sum: number): number => {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
};

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

type Protocol = keyof typeof protocols;

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

/** From where to where packets go, as their headers have it. */
export type Path = {
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  readonly sourcePort: number;
  readonly targetPort: number;
  /** Bytes of the IP header. */
  readonly ipLength: number;
  readonly hops: number;
  /** Sum of the addresses' words. */
  readonly sum: number;
};

export const pathOf = (from: InetEndpoint, to: InetEndpoint): Path => {
  const [source, target] = addressPair(from, to);
  return {
    source,
    target,
    sourcePort: Number(from.port),
    targetPort: Number(to.port),
    ipLength: source.length === 4 ? 20 : 40,
    hops: isMulticast(target) ? 1 : hops,
    sum: wordSum(viewOf(source)) + wordSum(viewOf(target)),
  };
};

/** RFC 791, section 3.1: identification 0, don't fragment. */
const putV4 = (bytes: Uint8Array, at: number, path: Path, length: number, protocol: number): void => {
  bytes[at] = 0x45;
  put16(bytes, at + 2, 20 + length);
  bytes[at + 6] = 0x40;
  bytes[at + 8] = path.hops;
  bytes[at + 9] = protocol;
  const sum = 0x4500 + ((20 + length) & 0xffff) + 0x4000 + (path.hops << 8) + protocol + path.sum;
  put16(bytes, at + 10, checksumOf(sum));
  bytes.set(path.source, at + 12);
  bytes.set(path.target, at + 16);
};

/** RFC 8200, section 3. */
const putV6 = (bytes: Uint8Array, at: number, path: Path, length: number, protocol: number): void => {
  bytes[at] = 0x60;
  put16(bytes, at + 4, length);
  bytes[at + 6] = protocol;
  bytes[at + 7] = path.hops;
  bytes.set(path.source, at + 8);
  bytes.set(path.target, at + 24);
};

/** The IP header, and the ports behind it. `length`: from the ports on. */
const putHeads = (bytes: Uint8Array, at: number, path: Path, length: number, protocol: Protocol): void => {
  (path.ipLength === 20 ? putV4 : putV6)(bytes, at, path, length, protocols[protocol]);
  put16(bytes, at + path.ipLength, path.sourcePort);
  put16(bytes, at + path.ipLength + 2, path.targetPort);
};

/** Of what stands from `at` on, and of the pseudo header (RFC 9293, RFC 768, RFC 8200); 0 where part of the payload is not known. */
const transportSum = (
  bytes: DataView,
  at: number,
  known: number,
  path: Path,
  length: number,
  protocol: Protocol,
) =>
  known === length ? checksumOf(path.sum + length + protocols[protocol] + wordSum(bytes, at, at + known)) : 0;

/** Bytes of a segment's packet that a capture has: all but those of its payload that are not known. */
export const tcpSize = (path: Path, { options }: TcpHeader, { data }: Payload): number =>
  path.ipLength + 20 + options.length + data.length;

/** Bytes that are written, and a view of them. */
type Written = { readonly bytes: Uint8Array; readonly view: DataView };

/** Writes a segment as an IP packet, over zeros. Its checksum stays 0 where part of the payload is not known. */
export const putTcp = (
  { bytes, view }: Written,
  at: number,
  path: Path,
  { options, sequence, acknowledgement, flags, window }: TcpHeader,
  payload: Payload,
): void => {
  const headerLength = 20 + options.length;
  const length = headerLength + payload.length;
  putHeads(bytes, at, path, length, 'tcp');
  const from = at + path.ipLength;
  put32(bytes, from + 4, sequence);
  put32(bytes, from + 8, acknowledgement);
  bytes[from + 12] = (headerLength / 4) << 4;
  bytes[from + 13] = flags;
  put16(bytes, from + 14, window);
  if (options.length > 0) bytes.set(options, from + 20);
  if (payload.data.length > 0) bytes.set(payload.data, from + headerLength);
  const known = headerLength + payload.data.length;
  put16(bytes, from + 16, transportSum(view, from, known, path, length, 'tcp'));
};

export const udpSize = (path: Path, { data }: Payload): number => path.ipLength + 8 + data.length;

/** Writes a datagram as an IP packet, never in fragments, over zeros. */
export const putUdp = ({ bytes, view }: Written, at: number, path: Path, payload: Payload): void => {
  const length = 8 + payload.length;
  putHeads(bytes, at, path, length, 'udp');
  const from = at + path.ipLength;
  put16(bytes, from + 4, length);
  bytes.set(payload.data, from + 8);
  const known = 8 + payload.data.length;
  const sum = transportSum(view, from, known, path, length, 'udp');
  // A 0 says that there is no checksum (RFC 768); IPv6 forbids that (RFC 8200, section 8.1).
  const neverZero = known === length || path.ipLength === 40;
  put16(bytes, from + 6, sum === 0 && neverZero ? 0xffff : sum);
};
