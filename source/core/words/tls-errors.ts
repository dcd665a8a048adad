import { quoteText } from '../bytes/payload.ts';
import type { Call } from '../calls/call.ts';
import type { Failure } from '../calls/outcome.ts';
import type { TlsSettings } from '../model/tls.ts';
import type { Words } from './error-rows.ts';
import type { ErrorCode } from './error-table.ts';
import { marked, t } from './translate.ts';

/** Errors that Python's ssl raises as its own. */
const own: ReadonlySet<ErrorCode> = new Set([
  'SSL',
  'SSL_CERT',
  'SSL_EOF',
  'SSL_WANT_READ',
  'SSL_WANT_WRITE',
]);

export const isOfTls = (code: ErrorCode): boolean => own.has(code);

/** Files that a context is made of: with them no handshake begins. */
const ofFiles = /^PEM lib|^key values mismatch|^the certificate is of a kind/;

const ofTheWay: ReadonlySet<ErrorCode> = new Set(['TIMEOUT', 'INTERRUPTED', 'ECONNRESET', 'EPIPE']);

/** Whether a handshake had begun when its call failed, so that the connection is good for nothing any more. */
export const losesSocket = ({ code, detail = '' }: Failure): boolean =>
  ofTheWay.has(code) || (isOfTls(code) && !ofFiles.test(detail));

/** From openssl/x509_vfy.h. */
const notYetValid = 9;
const expired = 10;
const selfSigned = 18;
const selfSignedAbove = 19;
const noIssuer = 20;
const noFirstIssuer = 21;
export const otherHost = 62;
export const otherAddress = 64;

export const settingsOf = (call: Call): TlsSettings => (call.name === 'wrap' ? (call.settings ?? {}) : {});

const shown = (): string =>
  t(
    "Enter on the entry shows what it says; where you trust whoever answers, 'insecure' (-k) looks at no certificate",
  );

const trustAdvice = (): string =>
  t('name the file of who signed it: cafile (--ca FILE); or trust whoever answers: insecure (-k)');

const certificateWords = ({ detail = '', verify = 0 }: Failure, call: Call): Words => {
  const name = settingsOf(call).serverHostname;
  const who = call.name === 'wrap' && call.side === 'server' ? t('the client') : t('the server');
  const said = t`(verify error ${verify}: ${detail})`;
  switch (verify) {
    case selfSigned:
      return ['tls', t`${who} shows a certificate that it has signed itself ${said}`, trustAdvice()];
    case selfSignedAbove:
      return ['tls', t`the chain of ${who} ends in a signer that is not trusted here ${said}`, trustAdvice()];
    case noIssuer:
    case noFirstIssuer:
      return [
        'tls',
        t`nobody who is trusted here has signed the certificate of ${who} ${said}`,
        t`${trustAdvice()}; a server must send the certificates between its own and the root as well`,
      ];
    case expired:
      return [
        'tls',
        t`the certificate of ${who} has expired ${said}`,
        t`renew it there, and see that this clock is right; ${shown()}`,
      ];
    case notYetValid:
      return [
        'tls',
        t`the certificate of ${who} is not valid yet ${said}`,
        t('see that the clocks are right, here and there'),
      ];
    case otherHost:
    case otherAddress:
      return [
        'tls',
        t`the certificate of ${who} is for other names than ${quoteText(name ?? '')} ${said}`,
        t('ask for a name that it is for: server_hostname (--sni NAME)'),
      ];
    default:
      return ['tls', t`the certificate of ${who} was not taken ${said}`, shown()];
  }
};

/** What OpenSSL's reasons mean, the first that fits. */
const reasons: readonly (readonly [RegExp, string, string])[] = [
  [
    /^PEM lib|^key values mismatch/,
    marked('the certificate or its key cannot be used'),
    marked('both are PEM files: the certificate with those behind it, and the key that belongs to it'),
  ],
  [
    /^http request|^https proxy request/,
    marked('the client speaks plain HTTP here, where TLS is expected'),
    marked('write https:// in the client, or listen without tls://'),
  ],
  [
    /^wrong version number|^packet length too long|^record layer failure/,
    marked('the peer does not speak TLS here: what it sent is no record'),
    marked('connect without tls://, or to the port where it speaks TLS'),
  ],
  [
    /alert unknown ca/,
    marked('the peer does not trust who signed the certificate that it was shown'),
    marked('give the peer the signer as one that it trusts, or show another certificate'),
  ],
  [
    /alert certificate required|peer did not return a certificate/,
    marked('a certificate of the client is asked for, and none was shown'),
    marked('show one: certfile and keyfile (--cert, --key) on the connecting side'),
  ],
  [
    /alert (bad certificate|certificate unknown|certificate expired)/,
    marked('the peer did not take the certificate that it was shown'),
    marked('the peer looks at names, dates and signer: see what it says of them'),
  ],
  [
    /unsupported protocol|alert protocol version|no protocols available|version too low/,
    marked('the two sides have no version of TLS in common'),
    marked('widen min and max (--tls-min, --tls-max) on one of them'),
  ],
  [
    /alert no application protocol/,
    marked('the server takes none of the protocols offered (ALPN)'),
    marked('offer one that it has: alpn (--alpn)'),
  ],
  [
    /no shared cipher|alert handshake failure/,
    marked('the two sides found no cipher that both have'),
    marked('see what each allows; a server without a certificate of the right kind says the same'),
  ],
];

const unknownReason = [null, marked('TLS itself failed'), marked('the words are those of OpenSSL')] as const;

/** A file of certificates, or of a key, that the system does not give. */
const fileTroubles: Partial<Record<ErrorCode, string>> = {
  ENOENT: marked('a file that TLS needs is not there'),
  ENOTDIR: marked('a file that TLS needs is not there: a part of its path is no folder'),
  EACCES: marked('a file that TLS needs may not be read by you'),
};

/** What people read about an error of TLS; undefined where it is none. */
export const tlsWordsOf = (failure: Failure, call: Call): Words | undefined => {
  const { code, detail = '' } = failure;
  const trouble = call.name === 'wrap' ? fileTroubles[code] : undefined;
  if (trouble !== undefined)
    return ['tls', t(trouble), t('see what certfile, keyfile and cafile name (--cert, --key, --ca)')];
  if (code === 'SSL_CERT') return certificateWords(failure, call);
  if (code === 'SSL_EOF')
    return call.name === 'wrap'
      ? [
          'tls',
          t('the peer closed the connection in the middle of the handshake'),
          t('its own log says why: often it refuses a version, a name or a certificate'),
        ]
      : [
          'tls',
          t('the connection is gone, and the peer had not ended TLS before'),
          t('what was on its way may be lost: connect again'),
        ];
  if (code !== 'SSL') return undefined;
  const [, sentence, advice] = reasons.find(([pattern]) => pattern.test(detail)) ?? unknownReason;
  return ['tls', t(sentence), t(advice)];
};
