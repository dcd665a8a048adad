import {
  type Certificate,
  type TlsFacts,
  type TlsSettings,
  type TlsState,
  tlsSides,
  tlsVersions,
  type Wire,
} from '../../core/model/tls.ts';
import { marked } from '../../core/words/translate.ts';
import { amount, listOf, objectOf, oneOf, onlyTrue, optional, orNull, text, yesNo } from './reading.ts';
import { count, moved, time } from './words-schema.ts';

/** A moment, in ms since 1970: certificates have been made for the year 9999, and for none. */
const moment = orNull(amount(-1e14, 1e15, marked('a time from -10^14 to 10^15 ms')));

const certificate = objectOf<Certificate>({
  subject: text,
  issuer: text,
  names: listOf(text),
  from: moment,
  until: moment,
  sha256: text,
});

/** What a handshake of TLS has agreed on. */
export const tlsFacts = objectOf<TlsFacts>({
  side: oneOf(tlsSides, marked('side of TLS')),
  version: text,
  cipher: text,
  alpn: text,
  sni: text,
  verified: yesNo,
  verify: moved,
  verifyWords: text,
  chain: listOf(certificate),
  made: optional(onlyTrue),
});

/** What a connection has moved as records. */
export const wire = objectOf<Wire>({ taken: count, given: count, held: count });

const version = optional(oneOf(tlsVersions, marked('version of TLS')));

const settings = objectOf<TlsSettings>({
  serverHostname: optional(text),
  cafile: optional(text),
  certfile: optional(text),
  keyfile: optional(text),
  alpn: optional(listOf(text)),
  min: version,
  max: version,
  insecure: optional(onlyTrue),
});

/** What a socket knows of its TLS. */
export const tlsState = objectOf<TlsState>({
  facts: orNull(tlsFacts),
  settings,
  wire,
  tickets: count,
  ticketsAt: optional(time),
});
