import { countedBytes, humanSize } from '../language/units.ts';
import type { Certificate, TlsFacts, TlsState } from '../model/tls.ts';
import { t } from './translate.ts';

const day = (ms: number | null): string =>
  ms === null ? t('no readable date') : new Date(ms).toISOString().slice(0, 10);

/** What is known of the other side's certificate, in words. */
export const verificationWords = ({ side, verified, verify, verifyWords, chain }: TlsFacts): string => {
  if (verified) return t('verified');
  if (chain.length === 0)
    return side === 'server' ? t('the client was asked for no certificate') : t('no certificate');
  return verify === 0
    ? t('not verified: nobody looked at it')
    : t`not verified: nobody looked at it; OpenSSL says ${verify}: ${verifyWords}`;
};

/** `CN=localhost, for localhost and 127.0.0.1; signed by itself; 2026-01-01 to 2026-02-01; SHA-256 ab12...`. */
export const certificateWords = ({ subject, issuer, names, from, until, sha256 }: Certificate): string => {
  const whose = names.length === 0 ? subject : t`${subject}, for ${names.join(', ')}`;
  const signer = subject === issuer ? t('itself') : issuer;
  return t`${whose}; signed by ${signer}; ${day(from)} to ${day(until)}; SHA-256 ${sha256}`;
};

/** `TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN h2, SNI localhost, verified`: what was agreed on, in a line. */
export const tlsWords = ({ facts, settings }: TlsState): string => {
  if (!facts) {
    const whose = settings.certfile === undefined ? t('a certificate made here') : settings.certfile;
    return t`what it accepts is wrapped in TLS, with ${whose}`;
  }
  const { version, cipher, alpn, sni, verified } = facts;
  return [
    version,
    facts.side === 'client' && !verified ? t('NOT verified') : '',
    cipher,
    alpn === '' ? '' : `ALPN ${alpn}`,
    sni === '' ? '' : `SNI ${sni}`,
    facts.side === 'client' && verified ? t('verified') : '',
  ]
    .filter(part => part !== '')
    .join(', ');
};

/** What records weigh besides what they carry, and what lies in them here; '' of a listener. */
export const wireWords = ({ facts, wire, tickets }: TlsState): string => {
  if (!facts) return '';
  const { taken, given, held } = wire;
  const own = tickets > 0 ? t`, ${countedBytes(tickets)} of them TLS's own (session tickets)` : '';
  const ahead = held > 0 ? t`; ${humanSize(held)} decrypted and not received (in user space)` : '';
  return t`as records ${humanSize(given)} sent, ${humanSize(taken)} received${own}${ahead}`;
};
