import { type Address, defaultHost, parseAddress } from '../core/addresses/address.ts';
import type { Endpoint } from '../core/addresses/endpoint.ts';
import { familyOf } from '../core/addresses/ip.ts';
import { isUnixAddress } from '../core/addresses/unix-address.ts';
import { refused } from '../core/language/parsed.ts';
import type { InetFamily, SocketType } from '../core/model/names.ts';
import type { TlsSettings } from '../core/model/tls.ts';
import { t } from '../core/words/translate.ts';
import { strayTlsFlags, type TlsFlags, tlsSettingsOf, type Verb } from './tls-flags.ts';

/** nc's flags, and those of TLS. */
export type AddressFlags = TlsFlags & {
  readonly udp?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  /** listen: the port. connect: the local port to connect from. */
  readonly port?: string;
};

/** What to open: an address in the form the commands take, with its type and family settled. `local`: bound before connect. */
export type Opening = {
  readonly text: string;
  readonly address: Address;
  readonly type: SocketType;
  readonly local: Endpoint | null;
  /** What a tls:// address is wrapped with; null in the clear. */
  readonly tls: TlsSettings | null;
};

export type Openings =
  | { readonly ok: true; readonly openings: readonly Opening[] }
  | { readonly ok: false; readonly message: string };

const bareHost = (word: string): boolean =>
  !isUnixAddress(word) &&
  (familyOf(word) !== null ||
    (!/^\d+$/.test(word) && !word.includes('://') && !/:[^:\]]*$/.test(word.replace(/^\[.*\]$/, ''))));

const portWord = (word: string): boolean => /^[\w-]+$/.test(word);

/** `HOST PORT`, as nc has it, is one address written as two words. */
export const joinWords = (words: readonly string[]): string[] => {
  const joined: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const next = words[i + 1];
    if (next !== undefined && bareHost(word) && portWord(next)) {
      joined.push(`${word} ${next}`);
      i++;
    } else joined.push(word);
  }
  return joined;
};

const familyOfFlags = (flags: AddressFlags): InetFamily | undefined => {
  if (flags.ipv6) return 'AF_INET6';
  return flags.ipv4 ? 'AF_INET' : undefined;
};

/** The addresses of listen as text: -p is the port of each host, and of this machine where none is named. */
const listenTexts = (words: readonly string[], port: string | undefined): string[] => {
  if (port === undefined) return joinWords(words);
  return words.length === 0 ? [port] : words.map(word => `${word} ${port}`);
};

const refusedFlags = (verb: Verb, words: readonly string[], { ipv4, ipv6, port }: AddressFlags): string => {
  if (ipv4 && ipv6) return t('-4 and -6 exclude each other: leave one out');
  const whole = verb === 'listen' && port !== undefined && words.find(word => !bareHost(word));
  return whole ? t`${whole} is no host alone, and -p names the port: leave one out` : '';
};

const openingOf = (
  text: string,
  flags: AddressFlags,
  local: Endpoint | null,
  settings: TlsSettings,
): Opening | string => {
  const family = familyOfFlags(flags);
  const parsed = parseAddress(text, { host: family === 'AF_INET6' ? '::1' : defaultHost, tls: true });
  if (!parsed.ok) return parsed.message;
  const { tls } = parsed.value;
  if (tls && flags.udp) return t`${text} is TLS, which needs a stream: leave -u out`;
  const stray = tls ? '' : strayTlsFlags(text, flags);
  if (stray) return stray;
  if (family && parsed.value.family === 'AF_UNIX') return t`${text} is a Unix socket: leave -4 or -6 out`;
  const address = family ? { ...parsed.value, family } : parsed.value;
  if (family && parsed.value.family && parsed.value.family !== family)
    return t`${text} is not an address of ${family}: leave -4 or -6 out`;
  if (local && address.family === 'AF_UNIX')
    return t`${text} is a Unix socket, which has no port to connect from: leave -p out`;
  const type = flags.udp ? 'SOCK_DGRAM' : (address.type ?? 'SOCK_STREAM');
  return { text, address, type, local, tls: tls ? settings : null };
};

/** Reads the addresses of `sockbench listen` and `connect`; the first that cannot be read is refused in one sentence. */
export const readAddresses = (verb: Verb, words: readonly string[], flags: AddressFlags): Openings => {
  const { port } = flags;
  const trouble = refusedFlags(verb, words, flags);
  if (trouble) return refused(trouble);
  // The port of whatever interface leads there.
  const local = verb === 'connect' && port !== undefined ? parseAddress(`:${port}`) : null;
  if (local?.ok === false) return local;
  const settings = tlsSettingsOf(verb, flags);
  if (typeof settings === 'string') return refused(settings);
  const openings: Opening[] = [];
  for (const text of verb === 'listen' ? listenTexts(words, port) : joinWords(words)) {
    const opening = openingOf(text, flags, local?.value.endpoint ?? null, settings);
    if (typeof opening === 'string') return refused(opening);
    openings.push(opening);
  }
  return { ok: true, openings };
};
