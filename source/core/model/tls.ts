/** As Python's ssl.SSLSocket.version() names them. */
export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

export type TlsVersion = (typeof tlsVersions)[number];

/** Who begins the handshake: the client says hello, the server shows a certificate. */
export const tlsSides = ['client', 'server'] as const;

export type TlsSide = (typeof tlsSides)[number];

/**
 * How a connection is to be wrapped: what Python gives an SSLContext and its wrap_socket, under its names.
 *
 * - `serverHostname`: a client's: the name that is asked for (SNI) and that the certificate must be for
 * - `cafile`: whom a client trusts besides nobody else; left out, whom the system trusts. Of a server: it asks for a
 *   certificate of the client's that these have signed
 * - `certfile`, `keyfile`: its own certificate with its chain, and the key; a server without one makes its own on the spot
 * - `alpn`: protocols that it offers or takes, the best first (RFC 7301)
 * - `insecure`: nobody's certificate is looked at
 */
export type TlsSettings = {
  readonly serverHostname?: string;
  readonly cafile?: string;
  readonly certfile?: string;
  readonly keyfile?: string;
  readonly alpn?: readonly string[];
  readonly min?: TlsVersion;
  readonly max?: TlsVersion;
  readonly insecure?: true;
};

/**
 * A certificate as people read it. Times in ms since 1970, null where what stands there is none; `sha256` of the whole, as
 * hexadecimal digits.
 */
export type Certificate = {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly from: number | null;
  readonly until: number | null;
  readonly sha256: string;
};

/**
 * What a handshake has agreed on. `verified`: the peer's chain was looked at, and is good; `verify` is what OpenSSL says of
 * it, 0 for good (X509_V_OK), also where nobody asked. `chain` is what the peer has shown, its own certificate first.
 */
export type TlsFacts = {
  readonly side: TlsSide;
  readonly version: string;
  readonly cipher: string;
  readonly alpn: string;
  readonly sni: string;
  readonly verified: boolean;
  readonly verify: number;
  readonly verifyWords: string;
  readonly chain: readonly Certificate[];
  /** Of a server: its own certificate was made on the spot. */
  readonly made?: true;
};

/** What a socket knows of its TLS. `facts`: null of a listener, whose `settings` what it accepts is wrapped with. */
export type TlsState = {
  readonly facts: TlsFacts | null;
  readonly settings: TlsSettings;
  readonly wire: Wire;
  /** Bytes taken in which there was nothing for a receive, such as session tickets. */
  readonly tickets: number;
  /** When that was last: ms since the session began. */
  readonly ticketsAt?: number;
};

export const noWire: Wire = { taken: 0, given: 0, held: 0 };

/**
 * What TLS has moved on one connection. `taken` and `given`: bytes of records taken from the kernel and given to it, so
 * that they are more than what its calls carry; `held`: bytes that are decrypted and not yet received, in user space.
 */
export type Wire = { readonly taken: number; readonly given: number; readonly held: number };

/** How a receive learned that nothing more comes: TLS said so, or the stream ended, or was reset, before it did. */
export const tlsEndings = ['close_notify', 'fin', 'reset'] as const;

export type TlsEnding = (typeof tlsEndings)[number];
