import type { Call } from '../calls/call.ts';
import { calls } from '../calls/calls.ts';
import type { Outcome } from '../calls/outcome.ts';
import { t } from '../words/translate.ts';

/*
 * What bytes that a raw socket received look like, where that says why a conversation fails: a peer that speaks
 * another protocol than the person thought.
 */

/** Alerts that answer bytes which were no TLS, or a version the peer does not speak (RFC 8446, 6.2). */
const alerts: Readonly<Record<number, string>> = {
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  47: 'illegal_parameter',
  50: 'decode_error',
  70: 'protocol_version',
  80: 'internal_error',
};

/** The longest record, ciphertext's allowance included (RFC 5246, 6.2.3). */
const longestRecord = 16_384 + 2_048;

const [alertRecord, handshakeRecord] = [0x15, 0x16];

/** A record's header is its type, 03 and a minor version, and its length in two bytes (RFC 8446, 5.1). */
const ofTls = (data: Uint8Array): string => {
  const [type, major, minor = 255, high = 255, low = 255, first, second] = data;
  if (major !== 3 || minor > 4) return '';
  const length = high * 256 + low;
  if (type === handshakeRecord && length >= 4 && length <= longestRecord && first === 1)
    return t('a TLS ClientHello: the peer begins TLS, and this socket speaks plain bytes');
  if (type !== alertRecord || length !== 2 || first === undefined || first > 2) return '';
  const name = second === undefined ? undefined : alerts[second];
  return name
    ? t`a TLS alert (${name}): the peer speaks TLS, and got plain bytes`
    : t('a TLS alert: the peer speaks TLS, and got plain bytes');
};

const ofText = (text: string): string => {
  if (/^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT) \S+ HTTP\/1\.[01]\r?\n/.test(text))
    return t('an HTTP request: the peer waits for a status line, such as HTTP/1.1 200 OK, and an empty line');
  if (text.startsWith('PRI * HTTP/2.0\r\n'))
    return t("HTTP/2's preface: the peer speaks HTTP/2, in frames of bytes");
  if (/^HTTP\/1\.[01] 400 [\s\S]*plain HTTP request was sent to (?:the |an )?HTTPS port/i.test(text))
    return t("an HTTPS server's answer to plain HTTP: it wants TLS");
  return /^SSH-(?:2\.0|1\.99)-/.test(text) ? t("SSH's greeting: the peer speaks SSH") : '';
};

const latin1 = new TextDecoder('latin1');

/** Bytes in which a beginning is looked for. */
const depth = 4_096;

/** What a receive's bytes look like, to follow "looks like"; '' where they are nothing that is known, or no receive's. */
export const looksLike = (call: Call, outcome: Outcome): string => {
  if (outcome.kind !== 'data' || !(outcome.data instanceof Uint8Array) || outcome.data.length < 5) return '';
  if (calls[call.name].moves !== 'in') return '';
  const [first] = outcome.data;
  if (first === alertRecord || first === handshakeRecord) return ofTls(outcome.data);
  return ofText(latin1.decode(outcome.data.subarray(0, depth)));
};
