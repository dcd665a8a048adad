import type { Family } from './names.ts';

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const dotted = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Leading zeros are refused: some systems read them as octal. */
const isV4 = (host: string): boolean => dotted.test(host) && !/(?:^|\.)0\d/.test(host);

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

/** The family of a literal address, null for a name. */
export const familyOf = (host: string): Family | null => {
  if (isV4(host)) return 'AF_INET';
  const address = zoned.exec(host)?.[1];
  return address !== undefined && v6Groups(address) ? 'AF_INET6' : null;
};

/** Whether these eight groups are an IPv4 address in IPv6 (RFC 4291, section 2.5.5.2). */
export const isMapped = (groups: readonly number[]): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every(group => group === 0);

const dottedOf = (groups: readonly number[]): string =>
  groups
    .slice(6)
    .flatMap(group => [group >> 8, group & 255])
    .join('.');

/**
 * One spelling for each address: IPv6 in full groups, an IPv4-mapped one as the IPv4 address it is on the wire,
 * names in lower case.
 */
export const canonicalHost = (host: string): string => {
  const [, address, zone = ''] = zoned.exec(host) ?? [];
  const groups = address === undefined ? null : v6Groups(address);
  if (!groups) return host.toLowerCase();
  return isMapped(groups) ? dottedOf(groups) : groups.map(group => group.toString(16)).join(':') + zone;
};

/** 127.0.0.0/8, ::1 and the name localhost: reached from this machine only. */
export const isLoopback = (host: string): boolean => {
  const canonical = canonicalHost(host);
  if (canonical === 'localhost' || canonical === '0:0:0:0:0:0:0:1') return true;
  return isV4(canonical) && canonical.startsWith('127.');
};

/** '', '*', 0.0.0.0 and ::, however written: every interface. */
export const isWildcard = (host: string): boolean => {
  const canonical = canonicalHost(host);
  return canonical === '' || canonical === '*' || canonical === '0.0.0.0' || canonical === '0:0:0:0:0:0:0:0';
};

/** '' and '*' as the family's wildcard address, as Python binds them; other hosts as they are. */
export const withWildcard = (host: string, family: Family): string => {
  if (host !== '' && host !== '*') return host;
  return family === 'AF_INET6' ? '::' : '0.0.0.0';
};
