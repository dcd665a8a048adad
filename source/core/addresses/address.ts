import { latePattern } from '../bytes/late.ts';
import { quoteText, safeText } from '../bytes/payload.ts';
import { closingQuote, parseQuotedText } from '../bytes/quoted.ts';
import { type Parsed, parsed, type Refused, refused, shifted } from '../language/parsed.ts';
import { digits, parseWhole } from '../language/units.ts';
import type { Family, SocketType } from '../model/names.ts';
import type { TransportId } from '../model/transports.ts';
import { t } from '../words/translate.ts';
import { type Endpoint, inet } from './endpoint.ts';
import { familyOf } from './ip.ts';
import { formatUnix, isUnixAddress, parseUnix } from './unix-address.ts';

export const defaultHost = '127.0.0.1';
export const defaultPort = 51423;

/**
 * An ADDR of the command line. `type` is set by tcp://, udp:// and tls://, `family` by a literal host and by unix:. `tls`:
 * what is connected or accepted there is wrapped before it carries anything.
 */
export type Address = {
  readonly endpoint: Endpoint;
  readonly type?: SocketType;
  readonly family?: Family;
  readonly tls?: true;
};

export type AddressOptions = {
  /**
   * Take port numbers outside 0-65535 too: a call hands them over as they are, and what comes back is Python's
   * OverflowError.
   */
  readonly anyPort?: boolean;
  /** The host of a port that stands alone; `defaultHost` where none is given. */
  readonly host?: string;
  /** The port of a host that stands alone; `defaultPort` where none is given. */
  readonly port?: number;
  /** Take tls:// too: the caller wraps what it connects or accepts. */
  readonly tls?: true;
};

/** HTTP over TLS: what a tls:// address without a port is for more often than anything else. */
const tlsPort = 443;

const example = `${defaultHost}:${defaultPort}`;

/** Hosts and services that need no quotes: no blank, quote, bracket, colon or operator of the line grammar. */
const plainHost = latePattern(String.raw`^[\p{L}\p{M}\p{N}._%*-]*$`);
/** Most are. */
const plainAsciiHost = /^[\w.%*-]*$/;
const isPlainHost = (host: string): boolean => plainAsciiHost.test(host) || plainHost().test(host);
const serviceName = /^[A-Za-z0-9_][A-Za-z0-9_+.-]*$/;
const isQuote = (character: string | undefined): boolean => character === '"' || character === "'";
const isNumber = (text: string): boolean => /^-?\d+$/.test(text);

const parsePort = (text: string, at: number, { anyPort }: AddressOptions): Parsed<number | string> => {
  if (isQuote(text[0])) return shifted(parseQuotedText(text), at);
  if (text === '')
    return refused(t`the port is missing: write a number or a service name, as in ${example}`, at);
  if (isNumber(text)) {
    const port = parseWhole(text);
    if (port !== undefined && ((port >= 0 && port <= 65535) || anyPort)) return parsed(port);
    return refused(
      t`${text} is no port: ports go from 0 to 65535 (0: the system picks one)`,
      at,
      text.length,
    );
  }
  if (serviceName.test(text)) return parsed(text);
  return refused(t`"${text}" is neither a port number nor a service name such as http`, at, text.length);
};

const parseHost = (text: string, at: number): Parsed<string> => {
  if (isQuote(text[0])) return shifted(parseQuotedText(text), at);
  if (text.includes('/')) {
    const way = t`write unix:${text} for a Unix socket, HOST:PORT for others`;
    return refused(t`"${text}" looks like a path: ${way}`, at, text.length);
  }
  if (isPlainHost(text) || familyOf(text)) return parsed(text);
  const way = text.includes(':') ? t`for IPv6 write [::1]:${defaultPort}` : t('write a name or an address');
  return refused(t`"${text}" is no host: ${way}`, at, text.length);
};

type Halves = {
  readonly host: string;
  readonly hostAt: number;
  readonly port: string | null;
  readonly portAt: number;
};

/** A bracketed or quoted host and what follows it. */
const splitEnclosed = (text: string): Halves | Refused => {
  const bracket = text.startsWith('[');
  const end = bracket ? text.indexOf(']') : closingQuote(text, 0);
  if (end < 0) {
    const what = bracket
      ? t('the bracket opened here is not closed')
      : t('the quote opened here is not closed');
    return refused(what, 0, 1);
  }
  const host = bracket ? text.slice(1, end) : text.slice(0, end + 1);
  if (bracket && familyOf(host) !== 'AF_INET6') {
    return refused(
      t`"${host}" is no IPv6 address: brackets are for those, as in [::1]:${defaultPort}`,
      1,
      host.length,
    );
  }
  const rest = text.slice(end + 1);
  const split = /^(:|\s+)(.*)$/s.exec(rest);
  if (!split && rest !== '')
    return refused(t`":" and a port are expected here, not "${rest}"`, end + 1, rest.length);
  const [, gap = '', port = null] = split ?? [];
  return { host, hostAt: bracket ? 1 : 0, port, portAt: end + 1 + gap.length };
};

const isHostAlone = (text: string): boolean =>
  familyOf(text) !== null || text === '*' || text.toLowerCase() === 'localhost' || text.includes('.');

/** A plain host with a quoted service behind it, which may hold blanks and colons. */
const quotedService = /^([^\s:"']*):(["'].*)$/s;

const splitPlain = (text: string, ownHost: string): Halves | Refused => {
  const [, before, service] = quotedService.exec(text) ?? [];
  if (before !== undefined && service !== undefined) {
    return { host: before, hostAt: 0, port: service, portAt: before.length + 1 };
  }
  const blank = text.search(/\s/);
  if (blank >= 0) {
    const port = text.slice(blank).trimStart();
    return { host: text.slice(0, blank), hostAt: 0, port, portAt: text.length - port.length };
  }
  const colon = text.lastIndexOf(':');
  if (colon < 0) {
    if (!isNumber(text) && isHostAlone(text))
      return { host: text, hostAt: 0, port: null, portAt: text.length };
    return { host: ownHost, hostAt: 0, port: text, portAt: 0 };
  }
  if (text.indexOf(':') !== colon) {
    const way = t`write [::1]:${defaultPort}, or the address, a blank and the port`;
    const what = familyOf(text)
      ? t('an IPv6 address needs brackets before its port')
      : t('there is more than one colon');
    return refused(t`"${text}": ${what}: ${way}`, 0, text.length);
  }
  return { host: text.slice(0, colon), hostAt: 0, port: text.slice(colon + 1), portAt: colon + 1 };
};

const parseHostPort = (text: string, options: AddressOptions): Parsed<Address> => {
  const enclosed = text.startsWith('[') || isQuote(text[0]);
  const halves = enclosed ? splitEnclosed(text) : splitPlain(text, options.host ?? defaultHost);
  if ('ok' in halves) return halves;
  const host = parseHost(halves.host, halves.hostAt);
  if (!host.ok) return host;
  const port =
    halves.port === null
      ? parsed(options.port ?? defaultPort)
      : parsePort(halves.port, halves.portAt, options);
  if (!port.ok) return port;
  const family = familyOf(host.value);
  return parsed({ endpoint: inet(host.value, port.value), ...(family ? { family } : {}) });
};

const schemes = { tcp: 'SOCK_STREAM', udp: 'SOCK_DGRAM', tls: 'SOCK_STREAM' } as const satisfies Partial<
  Record<TransportId | 'tls', SocketType>
>;

const isScheme = (text: string, { tls }: AddressOptions): text is keyof typeof schemes =>
  Object.hasOwn(schemes, text) && (text !== 'tls' || tls === true);

const parseUrl = (scheme: string, text: string, options: AddressOptions): Parsed<Address> => {
  const start = scheme.length + 3;
  const known = scheme.toLowerCase();
  const type = isScheme(known, options) ? schemes[known] : undefined;
  const isTls = known === 'tls';
  const rest = text.slice(start).replace(/\/$/, '');
  if (!type) {
    const way = options.tls
      ? t('sockbench speaks tcp://, udp://, tls:// and unix:/path')
      : t('here it is plain tcp:// or udp://, or unix:/path');
    return refused(
      t`${scheme}:// is not known: ${way}, for instance tcp://${rest.split('/')[0] || example}`,
      0,
      start,
    );
  }
  const extra = rest.search(/[/?#@]/);
  if (extra >= 0)
    return refused(
      t`a ${scheme}:// URL ends with its port: "${rest.slice(extra)}" is too much`,
      start + extra,
    );
  if (rest === '') return refused(t`the address is missing: write ${scheme}://${example}`, start);
  const address = shifted(parseHostPort(rest, isTls ? { ...options, port: tlsPort } : options), start);
  return address.ok ? parsed({ ...address.value, type, ...(isTls ? { tls: isTls } : {}) }) : address;
};

/**
 * PORT, :PORT (every interface: host ''), HOST:PORT, `HOST PORT` (as nc), [v6]:PORT, tcp://, udp:// and tls:// URLs. Ports may
 * be service names, which stay text; a literal address, localhost or a dotted name alone gets the default port. A host
 * with odd characters stands in double quotes. unix:/path, unix:///path and unix:@name are Unix sockets.
 */
export const parseAddress = (text: string, options: AddressOptions = {}): Parsed<Address> => {
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  if (trimmed === '')
    return refused(t`an address is missing: write HOST:PORT, as in ${example}`, text.length);
  if (trimmed.length > 1024)
    return refused(t('this is too long for an address: names have at most 253 characters'), start);
  if (isUnixAddress(trimmed)) return shifted(parseUnix(trimmed), start);
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(trimmed)?.[1];
  const address = scheme ? parseUrl(scheme, trimmed, options) : parseHostPort(trimmed, options);
  return shifted(address, start);
};

const formatHost = (host: string): string => {
  if (familyOf(host) === 'AF_INET6') return `[${host}]`;
  return isPlainHost(host) && safeText(host) === host ? host : quoteText(host);
};

/** A port as parseAddress reads it back. */
const formatPort = (port: number | string): string => {
  if (typeof port === 'number') return digits(port);
  return serviceName.test(port) && !isNumber(port) ? port : quoteText(port);
};

/** `127.0.0.1:80`, `[::1]:80`, `:80` for every interface; a host no address could hold comes in quotes, escaped. */
export const formatEndpoint = (endpoint: Endpoint): string =>
  endpoint.kind === 'unix'
    ? formatUnix(endpoint)
    : `${formatHost(endpoint.host)}:${formatPort(endpoint.port)}`;
