import { formatEndpoint } from '../addresses/address.ts';
import { quoteBytes, quoteText, safeText } from '../bytes/payload.ts';
import type { Call } from '../calls/call.ts';
import { calls } from '../calls/calls.ts';
import type { Failure, Found, Outcome } from '../calls/outcome.ts';
import { formatDuration } from '../language/units.ts';
import type { TlsEnding, TlsFacts } from '../model/tls.ts';
import { internet } from '../model/transports.ts';
import { errorTable } from './error-table.ts';
import { pythonText } from './python-text.ts';

type Data = Extract<Outcome, { kind: 'data' }>;

/**
 * Whether no bytes mean that the stream has ended. A sender (`from`) or a datagram server's socket tell a datagram,
 * which may be empty; a call that asked for nothing learns nothing.
 */
export const isEof = (outcome: Outcome, call: Call): boolean => {
  if (outcome.kind !== 'data' || outcome.data.length > 0 || outcome.dropped || outcome.lost) return false;
  if (outcome.from || call.on.startsWith('u')) return false;
  return !('size' in call && call.size === 0);
};

const endings: Readonly<Record<TlsEnding, string>> = {
  close_notify: 'close_notify',
  fin: 'FIN without close_notify',
  reset: 'reset without close_notify',
};

/** `TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN h2, verified`. */
const tlsText = ({ version, cipher, alpn, verified, chain }: TlsFacts): string => {
  const trust = verified ? 'verified' : 'not verified';
  return [version, cipher, alpn === '' ? '' : `ALPN ${alpn}`, chain.length > 0 ? trust : '']
    .filter(part => part !== '')
    .join(', ');
};

const bytesText = (outcome: Data, call: Call, limit: number | undefined): string => {
  if (isEof(outcome, call)) return outcome.ending ? `EOF (${endings[outcome.ending]})` : 'EOF';
  const from =
    outcome.from && calls[call.name].returns === 'datagram' ? ` from ${formatEndpoint(outcome.from)}` : '';
  const lost = outcome.lost ? `, ${outcome.lost} bytes lost` : '';
  if (outcome.dropped) return `"..."${from} ${outcome.dropped} bytes dropped${lost}`;
  const quoted = quoteBytes(outcome.data, limit);
  // Where the limit cut them nothing else on the line says how many there were.
  const size = quoted.endsWith('"') ? '' : ` ${outcome.data.length} bytes`;
  return `${quoted}${size}${from}${lost}`;
};

/** `ECONNREFUSED ConnectionRefusedError [Errno 111] Connection refused`. */
const failureText = (failure: Failure, call: Call): string => {
  const { code, count } = failure;
  const said = [code, errorTable[code][1], pythonText(failure, call)].filter(part => part !== '').join(' ');
  return count === undefined || count === 0 ? said : `${said}, ${count} bytes taken`;
};

const labelled = (text: string, fallback: string | undefined): string =>
  fallback === undefined ? text : `${text} (from ${safeText(fallback)})`;

const noted = (text: string, note: string | undefined): string =>
  note === undefined ? text : `${text} (${safeText(note)})`;

/** Seconds as a time, other numbers as they are. */
const numberText = (number: number | null, call: Call): string => {
  if (number === null) return 'none';
  return calls[call.name].returns === 'seconds' ? formatDuration(number * 1000) : String(number);
};

const kinds = { ...internet, SOCK_RAW: 'raw' } as const;

/** `[::1]:80 tcp udp, 127.0.0.1:80 tcp udp`: an address once for the answers that have it one after the other. */
const listText = (found: readonly Found[]): string => {
  const texts: string[] = [];
  let last = '';
  for (const one of found) {
    const at = formatEndpoint(one);
    if (at !== last || one.type === undefined) texts.push(at);
    last = at;
    if (one.type !== undefined) texts.push(`${texts.pop()} ${kinds[one.type]}`);
  }
  return texts.length === 0 ? 'no address' : texts.join(', ');
};

/**
 * What stands right of ` = ` in the log, as strace reads. With `limit` bytes are cut after that many characters, and counted.
 * Nothing that came from outside is printed unescaped.
 */
export const formatOutcome = (outcome: Outcome, call: Call, limit?: number): string => {
  switch (outcome.kind) {
    case 'none':
      return noted('ok', outcome.tls ? tlsText(outcome.tls) : outcome.note);
    case 'count':
      return noted(String(outcome.count), outcome.note);
    case 'data':
      return bytesText(outcome, call, limit);
    case 'made':
      return outcome.peer ? `${outcome.name} from ${formatEndpoint(outcome.peer)}` : outcome.name;
    case 'endpoint':
      return formatEndpoint(outcome.endpoint);
    case 'endpoints':
      return labelled(listText(outcome.endpoints), outcome.fallback);
    case 'number':
      return labelled(numberText(outcome.number, call), outcome.fallback);
    case 'text':
      return labelled(quoteText(outcome.text), outcome.fallback);
    case 'unseen':
      return 'not seen';
    case 'error':
      return failureText(outcome, call);
  }
};
