import { parseAddress } from '../../core/addresses/address.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { unlikeSides, wayTrouble } from '../../core/model/relay.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import { addressNamed, type SavedNames } from '../../core/model/saved-names.ts';
import { t } from '../../core/words/translate.ts';
import { type AddressFlags, joinWords, type Opening, readAddresses } from '../address-words.ts';
import type { TlsFlags } from '../tls-flags.ts';

/** What `sockbench relay` is to do: where it listens, and where it passes on to. */
export type RelayWanted = { readonly listen: Opening; readonly target: RelayTarget };

const example = 'sockbench relay 9000 127.0.0.1:6379';

const datagramExample = 'sockbench relay udp://:5353 udp://127.0.0.1:53';

const unlike = (listen: Opening, reached: Opening): string | null => {
  if (listen.type === reached.type) return null;
  const [datagrams, stream] = listen.type === 'SOCK_DGRAM' ? [listen, reached] : [reached, listen];
  return t`${unlikeSides(safeText(datagrams.text), safeText(stream.text))}, as in ${datagramExample}`;
};

const isTls = (text: string): boolean => {
  const read = parseAddress(text, { tls: true });
  return read.ok && read.value.tls === true;
};

type Sides = { readonly listen: AddressFlags; readonly target: AddressFlags };

/** Whose the flags of TLS are: where both sides are TLS the certificate is the listener's, and what trusts the target's. */
const sidesOf = (flags: AddressFlags, listens: boolean, connects: boolean): Sides => {
  const { sni, ca, cacert, cert, key, insecure, alpn, tlsMin, tlsMax, ...clear } = flags;
  if (!listens) return { listen: clear, target: flags };
  if (!connects) return { listen: flags, target: clear };
  const both: TlsFlags = {
    ...(alpn !== undefined && { alpn }),
    ...(tlsMin !== undefined && { tlsMin }),
    ...(tlsMax !== undefined && { tlsMax }),
  };
  return {
    listen: { ...clear, ...both, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
    target: {
      ...clear,
      ...both,
      ...(sni !== undefined && { sni }),
      ...(ca !== undefined && { ca }),
      ...(cacert !== undefined && { cacert }),
      ...(insecure && { insecure }),
    },
  };
};

const openingOf = (verb: 'listen' | 'connect', text: string, flags: AddressFlags): Opening | string => {
  const read = readAddresses(verb, text.split(' '), flags);
  if (!read.ok) return read.message;
  return read.openings[0] ?? t`name an address, as in ${example}`;
};

/** Reads LISTEN and TARGET, as they are written or by the names that they are kept under; or what is wrong with one. */
export const readRelay = (
  words: readonly string[],
  flags: AddressFlags,
  saved: SavedNames,
): RelayWanted | string => {
  const [from, to, more] = joinWords(words).map(word => addressNamed(saved, word));
  if (from === undefined || to === undefined)
    return t`a relay has two addresses, where it listens and its target, as in ${example}`;
  if (more !== undefined)
    return t`${safeText(more)} is one address too many: a relay has two, as in ${example}`;
  const sides = sidesOf(flags, isTls(from), isTls(to));
  const listen = openingOf('listen', from, sides.listen);
  if (typeof listen === 'string') return listen;
  const reached = openingOf('connect', to, sides.target);
  if (typeof reached === 'string') return reached;
  const { endpoint, family } = reached.address;
  const trouble = unlike(listen, reached) ?? wayTrouble(listen.address.endpoint, endpoint);
  if (trouble !== null) return trouble;
  const datagrams = reached.type === 'SOCK_DGRAM';
  return {
    listen,
    target: {
      endpoint,
      ...(family && { family }),
      ...(datagrams && { datagrams }),
      tls: reached.tls,
    },
  };
};
