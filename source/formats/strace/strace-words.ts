import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { addressAlone, familyOf } from '../../core/addresses/ip.ts';
import { type Bytes, byteLength, slice } from '../../core/bytes/bytes.ts';
import type { RecvFlag } from '../../core/calls/call.ts';
import { lingerSeconds } from '../../core/language/linger.ts';
import type { Family } from '../../core/model/names.ts';
import type { Piece } from '../pieces.ts';

/** Bytes of a string that are printed, as with strace's -s. */
export const stringLimit = 1024;

const named: Readonly<Record<number, string>> = {
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

/** What each byte looks like; in octal as short as it can be read: `\0`. */
const looks = Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f
    ? (named[byte] ?? String.fromCharCode(byte))
    : (named[byte] ?? `\\${byte.toString(8)}`),
);

/** The same where a digit follows: `\000`. */
const looksBeforeDigit = looks.map((look, byte) =>
  /^\\\d/.test(look) ? `\\${byte.toString(8).padStart(3, '0')}` : look,
);

/** Bytes that look like themselves. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(looks[byte] === String.fromCharCode(byte)),
);

/** As many bytes as are put together one by one: a string of more is made at once where they are plain. */
const fewBytes = 8;

const escaped = (bytes: Uint8Array): string => {
  const { length } = bytes;
  let text = '';
  for (let at = 0; at < length; ) {
    let end = at;
    while (end < length && isPlain[bytes[end]!] === 1) end++;
    if (end - at > fewBytes) {
      text += Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1');
      at = end;
    }
    for (; at < end; at++) text += looks[bytes[at]!]!;
    if (at === length) break;
    const next = bytes[at + 1] ?? 0;
    text += (next >= 0x30 && next <= 0x39 ? looksBeforeDigit : looks)[bytes[at]!]!;
    at++;
  }
  return text;
};

/** A string as strace prints it: `"GET /\r\n"`, `"GET"...` where it is cut. */
export const straceString = (pieces: readonly Piece[]): string => {
  const shown: Uint8Array[] = [];
  let room = stringLimit;
  let whole = true;
  for (const { bytes, start, length } of pieces) {
    if (!whole) break;
    const data = slice(bytes, start, Math.min(length, room));
    shown.push(data);
    room -= data.length;
    whole = data.length === length;
  }
  const all = shown.length === 1 ? shown[0]! : Buffer.concat(shown);
  return `"${escaped(all)}"${whole ? '' : '...'}`;
};

/** The newest that was sent, and what it looks like: programs send the same again and again. */
let newest: { readonly bytes: Bytes; readonly shown: string } | null = null;

/** The same of what was sent, whose bytes are the same object where the same was sent before. */
export const sentString = (pieces: readonly Piece[]): string => {
  const [only] = pieces;
  const isWhole = only && pieces.length === 1 && only.length === byteLength(only.bytes);
  if (!isWhole || only.length > stringLimit) return straceString(pieces);
  if (newest?.bytes !== only.bytes) newest = { bytes: only.bytes, shown: straceString(pieces) };
  return newest.shown;
};

/** sa_family_t, the name, and behind a path its NUL (unix(7)). */
const unixLength = (path: string): number => {
  const length = new TextEncoder().encode(path).length;
  return 2 + length + Number(length > 0 && !path.startsWith('\0'));
};

/** Bytes of an address: known for every one of the internet's, of Unix sockets with the name. */
export const addressLength = (family: Family, address?: Endpoint): number => {
  switch (family) {
    case 'AF_INET':
      return 16;
    case 'AF_INET6':
      return 28;
    case 'AF_UNIX':
      return unixLength(address?.kind === 'unix' ? address.path : '');
  }
};

/** inet_ntop's spelling. */
const address6 = (host: string): string => {
  const address = addressAlone(host);
  return familyOf(address) === 'AF_INET' ? `::ffff:${address}` : address;
};

const unixAddress = (path: string): string => {
  if (path === '') return '{sa_family=AF_UNIX}';
  const abstract = path.startsWith('\0');
  const name = escaped(new TextEncoder().encode(abstract ? path.slice(1) : path));
  return `{sa_family=AF_UNIX, sun_path=${abstract ? '@' : ''}"${name}"}`;
};

/** A sockaddr of the socket's family; '' and '*' are every interface. */
export const socketAddress = (address: Endpoint, family: Family): string => {
  if (address.kind === 'unix') return unixAddress(address.path);
  const { host, port } = address;
  const every = host === '' || host === '*';
  if (family === 'AF_INET')
    return `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("${every ? '0.0.0.0' : addressAlone(host)}")}`;
  const shown = every ? '::' : address6(host);
  return `{sa_family=AF_INET6, sin6_port=htons(${port}), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "${shown}", &sin6_addr), sin6_scope_id=0}`;
};

export const messageFlags = (flags: readonly RecvFlag[] | undefined): string =>
  flags && flags.length > 0 ? flags.join('|') : '0';

/** Python's names of levels, where strace has others. */
const levels: Readonly<Record<string, string>> = {
  IPPROTO_IP: 'SOL_IP',
  IPPROTO_TCP: 'SOL_TCP',
  IPPROTO_UDP: 'SOL_UDP',
  IPPROTO_IPV6: 'SOL_IPV6',
};

export const levelName = (level: string): string => levels[level] ?? level;

/** An option's value and its length: a number, a membership (ip(7)), or text. */
export const optionValue = (option: string, value: number | string): string => {
  const linger = option === 'SO_LINGER' ? lingerSeconds(value) : undefined;
  if (linger !== undefined) return `{l_onoff=${linger === null ? 0 : 1}, l_linger=${linger ?? 0}}, 8`;
  if (typeof value === 'number') return `[${value}], 4`;
  const [group = '', local = '0.0.0.0'] = value.split(/[@,\s]+/);
  if (option === 'IP_ADD_MEMBERSHIP' || option === 'IP_DROP_MEMBERSHIP')
    return `{imr_multiaddr=inet_addr("${group}"), imr_interface=inet_addr("${local}")}, 8`;
  if (option === 'IP_MULTICAST_IF') return `{imr_interface=inet_addr("${value}")}, 4`;
  const bytes = new TextEncoder().encode(value);
  return `${straceString([{ bytes: { kind: 'literal', data: bytes, notation: 'text' }, start: 0, length: bytes.length }])}, ${bytes.length}`;
};
