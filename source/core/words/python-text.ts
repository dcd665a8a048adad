import { safeText } from '../bytes/payload.ts';
import type { Call } from '../calls/call.ts';
import type { Failure } from '../calls/outcome.ts';
import { type ErrorCode, errorTable } from './error-table.ts';
import { isOfTls, otherAddress, otherHost, settingsOf } from './tls-errors.ts';

/* What CPython prints of an error, word for word: it is English in every language. */

/** CPython says whose name it looked for (_ssl.c, fill_and_set_sslerror). */
const certificateText = ({ detail = '', verify }: Failure, call: Call): string => {
  const name = settingsOf(call).serverHostname ?? '';
  if (verify === otherHost) return `Hostname mismatch, certificate is not valid for '${name}'.`;
  if (verify === otherAddress) return `IP address mismatch, certificate is not valid for '${name}'.`;
  return detail;
};

/** `WRONG_VERSION_NUMBER`, of OpenSSL's words for it. */
const mnemonic = (words: string): string => words.toUpperCase().replace(/[^A-Z0-9]+/g, '_');

/** What stands before a colon is OpenSSL's; behind it stands what it is about. */
const reasonOf = (detail: string): string => detail.split(': ')[0]!;

/** What str(error) gives in CPython, but for the line of its source at the end. */
const tlsErrorText = (failure: Failure, call: Call): string => {
  const { code, detail = '' } = failure;
  if (code === 'SSL_CERT')
    return `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ${certificateText(failure, call)}`;
  const violated = 'EOF occurred in violation of protocol';
  if (code === 'SSL_EOF')
    return call.name === 'wrap' ? `[SSL: UNEXPECTED_EOF_WHILE_READING] ${violated}` : violated;
  if (code === 'SSL_WANT_READ' || code === 'SSL_WANT_WRITE') return errorTable[code][2];
  const reason = reasonOf(detail);
  if (reason === 'PEM lib') return '[SSL] PEM lib';
  return `[${reason === 'key values mismatch' ? 'X509' : 'SSL'}: ${mnemonic(reason)}] ${reason}`;
};

/** Those whose text is the failure's own. */
const worded: ReadonlySet<ErrorCode> = new Set([
  'VALUE',
  'DECODE',
  'TYPE',
  'MEMORY',
  'STRUCT',
  'NOT_OPENED_FOR',
  'UNSUPPORTED',
  'NOT_IMPLEMENTED',
  'UNKNOWN',
]);

const outOfRange = ({ name }: Call): string =>
  name === 'getservbyport'
    ? 'getservbyport: port must be 0-65535.'
    : 'signed integer is greater than maximum';

/** What Python prints, where the code alone does not tell. */
const spokenText = (failure: Failure, call: Call): string => {
  const { code, detail } = failure;
  if (code === 'OVERFLOW' && !('address' in call)) return detail ?? outOfRange(call);
  if (code === 'NO_SERVICE' && call.name === 'getservbyport') return 'port/proto not found';
  if (isOfTls(code)) return tlsErrorText(failure, call);
  if (worded.has(code)) return detail ?? errorTable[code][2];
  return errorTable[code][2].replace('{call}', call.name);
};

/** str(error) as CPython 3.11 gives it. */
export const pythonText = (failure: Failure, call: Call): string => {
  const errno = errorTable[failure.code][0];
  const text = safeText(spokenText(failure, call));
  return errno === null || isOfTls(failure.code) ? text : `[Errno ${errno}] ${text}`;
};
