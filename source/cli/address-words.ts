import { type Address, parseAddress } from '../core/address.ts';
import type { Family, SocketType } from '../core/names.ts';

/** nc's flags. */
export type AddressFlags = {
  readonly udp?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  /** listen: the port. connect: the local port to connect from. */
  readonly port?: string;
};

/** What to open: an address in the form the commands take, with its type and family settled. */
export type Opening = { readonly text: string; readonly address: Address; readonly type: SocketType };

export type Openings =
  | { readonly ok: true; readonly openings: readonly Opening[] }
  | { readonly ok: false; readonly message: string };

const bareHost = (word: string): boolean =>
  !/^\d+$/.test(word) && !word.includes('://') && !/:[^:\]]*$/.test(word.replace(/^\[.*\]$/, ''));

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

const familyOfFlags = (flags: AddressFlags): Family | undefined => {
  if (flags.ipv6) return 'AF_INET6';
  return flags.ipv4 ? 'AF_INET' : undefined;
};

/** Reads the addresses of `sockbench listen` and `connect`; the first that cannot be read is refused in one sentence. */
export const readAddresses = (words: readonly string[], flags: AddressFlags): Openings => {
  const openings: Opening[] = [];
  if (flags.ipv4 && flags.ipv6) return { ok: false, message: '-4 and -6 exclude each other: leave one out' };
  const family = familyOfFlags(flags);
  for (const text of joinWords(words)) {
    const parsed = parseAddress(text);
    if (!parsed.ok) return { ok: false, message: parsed.message };
    const address = family ? { ...parsed.value, family } : parsed.value;
    if (parsed.value.family && family && parsed.value.family !== family) {
      return { ok: false, message: `${text} is not an address of ${family}: leave -4 or -6 out` };
    }
    openings.push({ text, address, type: flags.udp ? 'SOCK_DGRAM' : (address.type ?? 'SOCK_STREAM') });
  }
  return { ok: true, openings };
};
