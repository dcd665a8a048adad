import type { Certificate, TlsFacts, TlsSettings, TlsSide } from '../../core/model/tls.ts';
import { nodeCrypto } from './late-crypto.ts';
import type { Pointer, TlsLibrary } from './tls-library.ts';

/** From openssl/tls1.h. */
const TLSEXT_NAMETYPE_host_name = 0;

/** More certificates of a chain than any real one has. */
const longestChain = 10;

const derOf = (library: TlsLibrary, x509: Pointer): Uint8Array => {
  const size = Number(library.i2d_X509(x509, null));
  const der = new Uint8Array(Math.max(0, size));
  // i2d moves the pointer that it is given, not the bytes.
  if (size > 0) library.i2d_X509(x509, library.pointerTo(der));
  return der;
};

/** `O=Example\nCN=example.org` in one line. */
const oneLine = (name: string | undefined): string => (name ?? '').trim().split('\n').join(', ');

const namesIn = (alternative: string | undefined): string[] =>
  (alternative ?? '')
    .split(', ')
    .filter(name => name !== '')
    .map(name => name.replace(/^(?:DNS|IP Address):/, ''));

/** A peer may write anything where a date belongs: `Bad time value` (X509_print_ex of OpenSSL). */
const momentOf = (date: string): number | null => {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? null : ms;
};

export const certificateOf = (der: Uint8Array): Certificate => {
  const { X509Certificate } = nodeCrypto();
  const x509 = new X509Certificate(der);
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    names: namesIn(x509.subjectAltName),
    from: momentOf(x509.validFrom),
    until: momentOf(x509.validTo),
    sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
};

/** What the peer has shown. A client has its server's own first in the chain, a server has that of its client apart. */
const chainOf = (library: TlsLibrary, ssl: Pointer, side: TlsSide): Certificate[] => {
  const ders: Uint8Array[] = [];
  if (side === 'server') {
    const own = library.SSL_get1_peer_certificate(ssl);
    if (own) ders.push(derOf(library, own));
    library.X509_free(own);
  }
  const chain = library.SSL_get_peer_cert_chain(ssl);
  const count = chain ? Number(library.OPENSSL_sk_num(chain)) : 0;
  for (let at = 0; at < Math.min(count, longestChain); at++)
    ders.push(derOf(library, library.OPENSSL_sk_value(chain, at)));
  return ders.map(certificateOf);
};

const alpnOf = (library: TlsLibrary, ssl: Pointer): string => {
  const [at, length] = [new Uint8Array(8), new Uint32Array(1)];
  library.SSL_get0_alpn_selected(ssl, at, length);
  return length[0]! > 0 ? Buffer.from(library.bytesAt(at, length[0]!)).toString() : '';
};

/** Where nobody looked at the peer's certificate, or it showed none, that is not verified. */
const isVerified = (side: TlsSide, { insecure, cafile }: TlsSettings): boolean =>
  !insecure && (side === 'client' || cafile !== undefined);

/** What the handshake that has ended has agreed on. */
export const factsOf = (
  library: TlsLibrary,
  ssl: Pointer,
  side: TlsSide,
  settings: TlsSettings,
): TlsFacts => {
  const verify = Number(library.SSL_get_verify_result(ssl));
  return {
    side,
    version: library.SSL_get_version(ssl) ?? '',
    cipher: library.SSL_CIPHER_get_name(library.SSL_get_current_cipher(ssl)) ?? '',
    alpn: alpnOf(library, ssl),
    sni: library.SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) ?? '',
    verified: verify === 0 && isVerified(side, settings),
    verify,
    verifyWords: library.X509_verify_cert_error_string(verify) ?? '',
    chain: chainOf(library, ssl, side),
    ...(side === 'server' && settings.certfile === undefined ? { made: true } : {}),
  };
};
