import type { InetFamily } from '../model/names.ts';

/** Leading zeros are refused: some systems read them as octal. */
const isOctet = (digits: string): boolean => /^(?:0|[1-9]\d{0,2})$/.test(digits) && Number(digits) < 256;

/** By its parts: V8 takes half a millisecond to compile one pattern of all four. */
const isV4 = (host: string): boolean => {
  const parts = host.length > 15 ? [] : host.split('.');
  return parts.length === 4 && parts.every(isOctet);
};

const v4Groups = (host: string): number[] => {
  const [a, b, c, d] = host.split('.').map(Number);
  return [(a! << 8) | b!, (c! << 8) | d!];
};

/** Groups on one side of `::`, the last of which may be a dotted IPv4; null where one is no group. */
const groupsOf = (text: string, last: boolean): number[] | null => {
  if (text === '') return [];
  const groups: number[] = [];
  const words = text.split(':');
  for (const [index, word] of words.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(word)) groups.push(Number.parseInt(word, 16));
    else if (last && index === words.length - 1 && isV4(word)) groups.push(...v4Groups(word));
    else return null;
  }
  return groups;
};

/** The eight 16-bit groups of an IPv6 literal (RFC 4291, section 2.2), null where it is none. */
const v6Groups = (address: string): number[] | null => {
  if (address.length > 45 || !address.includes(':')) return null;
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : [];
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : null;
  return missing >= 1 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : null;
};

/** An IPv6 literal may carry a zone: `fe80::1%eth0` (RFC 4007). */
const zoned = /^([^%]*)(%[\w.-]{1,32})?$/;

/** What is known of each host asked for last: the same few come with every call. Emptied when full. */
const remembered = <T>(found: (host: string) => T): ((host: string) => T) => {
  const known = new Map<string, T>();
  return host => {
    const before = known.get(host);
    if (before !== undefined) return before;
    if (known.size >= mostRemembered) known.clear();
    // A string of its own: a part of a line keeps the whole line in V8, with all that was sent.
    const own = ` ${host}`.slice(1);
    const now = found(own);
    known.set(own, now);
    return now;
  };
};

const mostRemembered = 1024;

/** The family of a literal address, null for a name. */
export const familyOf: (host: string) => InetFamily | null = remembered(host => {
  if (isV4(host)) return 'AF_INET';
  const address = zoned.exec(host)?.[1];
  return address !== undefined && v6Groups(address) ? 'AF_INET6' : null;
});

/** Whether these eight groups are an IPv4 address in IPv6 (RFC 4291, section 2.5.5.2). */
const isMapped = (groups: readonly number[]): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every(group => group === 0);

const dottedOf = (groups: readonly number[]): string =>
  groups
    .slice(6)
    .flatMap(group => [group >> 8, group & 255])
    .join('.');

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as ::. */
const ipv6Text = (groups: readonly number[]): string => {
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
    if (end > i) i = end;
  }
  const text = (part: readonly number[]) => part.map(group => group.toString(16)).join(':');
  return start < 0 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
};

/** The text of an address in eight groups; an IPv4-mapped one as the IPv4 address it is on the wire. */
export const groupsText = (groups: readonly number[]): string =>
  isMapped(groups) ? dottedOf(groups) : ipv6Text(groups);

/** A number as strtoul reads it, octal behind a 0; NaN where it is none. */
const partOf = (text: string): number => {
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0x[\da-f]+|[1-9]\d*)$/i.test(text) ? Number(text) : Number.NaN;
};

/** What else inet_aton(3) takes for IPv4, and getaddrinfo with it: 127.1, 0x7f000001, 0177.0.0.1. */
const looseV4 = (host: string): string | null => {
  if (!/^\d[\da-fx.]*$/i.test(host)) return null;
  const parts = host.split('.').map(partOf);
  const last = parts.pop()!;
  const room = 256 ** (4 - parts.length);
  if (parts.length > 3 || !(last < room) || !parts.every(part => part < 256)) return null;
  const rest = Array.from({ length: 4 - parts.length }, (_, i) => Math.floor(last / 256 ** i) % 256);
  return [...parts, ...rest.reverse()].join('.');
};

/** Link-local addresses, and groups of one interface or link: a zone tells apart no others (Linux, __ipv6_addr_needs_scope_id). */
const isOfZone = ([first = 0]: readonly number[]): boolean =>
  (first & 0xffc0) === 0xfe80 || (first & 0xff0e) === 0xff02 || (first & 0xff0f) === 0xff01;

const spell = (host: string): string => {
  if (isV4(host)) return host;
  const [, address, zone = ''] = zoned.exec(host) ?? [];
  const groups = address === undefined ? null : v6Groups(address);
  if (!groups) return looseV4(host) ?? host.toLowerCase();
  return groupsText(groups) + (isOfZone(groups) ? zone : '');
};

/**
 * The one spelling of an address: IPv6 as RFC 5952 has it, with a zone only where it means something, IPv4 as four
 * decimal numbers, an IPv4-mapped address as the IPv4 one it is on the wire, names in lower case.
 */
export const canonicalHost: (host: string) => string = remembered(spell);

/** The same without a zone, which is no part of what goes over a wire, and which rows of /proc/net do not have. */
export const addressAlone = (host: string): string => {
  const spelling = canonicalHost(host);
  const at = spelling.indexOf('%');
  return at < 0 ? spelling : spelling.slice(0, at);
};

/** 4 bytes of IPv4 as the 16 of ::ffff:a.b.c.d; 16 as they are. */
export const mappedBytes = (address: readonly number[]): readonly number[] =>
  address.length === 16 ? address : [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...address];

/** 4 or 16 bytes of a literal address, an IPv4-mapped one as IPv4. */
export const hostBytes: (host: string) => readonly number[] = remembered(host => {
  const address = addressAlone(host);
  const groups = v6Groups(address);
  return groups ? groups.flatMap(group => [group >> 8, group & 255]) : address.split('.').map(Number);
});

/** 127.0.0.0/8, ::1 and the name localhost: reached from this machine only. What only a resolver takes for one is a name. */
export const isLoopback = (host: string): boolean => {
  if (familyOf(host) === null) return host.toLowerCase() === 'localhost';
  const canonical = canonicalHost(host);
  return canonical === '::1' || (isV4(canonical) && canonical.startsWith('127.'));
};

/** '', '*', 0.0.0.0 and ::, however written: every interface. */
export const isWildcard = (host: string): boolean => {
  if (host === '' || host === '*') return true;
  const canonical = canonicalHost(host);
  return (canonical === '0.0.0.0' || canonical === '::') && familyOf(host) !== null;
};

/** '' and '*' as the family's wildcard address, as Python binds them; other hosts as they are. */
export const withWildcard = (host: string, family: InetFamily): string => {
  if (host !== '' && host !== '*') return host;
  return family === 'AF_INET6' ? '::' : '0.0.0.0';
};
