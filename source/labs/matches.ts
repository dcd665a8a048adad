import { matchesPattern } from '../bench/behaviours/pattern.ts';
import { formatEndpoint } from '../core/addresses/address.ts';
import type { Endpoint } from '../core/addresses/endpoint.ts';
import { canonicalHost, isLoopback, isWildcard } from '../core/addresses/ip.ts';
import { type Bytes, byteLength, materialise, slice } from '../core/bytes/bytes.ts';
import { hasBytes as findBytes } from '../core/bytes/find-bytes.ts';
import { encodeText } from '../core/bytes/payload.ts';
import type { Call } from '../core/calls/call.ts';
import type { Failure, Outcome } from '../core/calls/outcome.ts';
import type { EndpointPattern, Expectation, Expected } from '../core/language/expectation.ts';
import { formatExpectation } from '../core/language/expectation-text.ts';
import { errorTable } from '../core/words/error-table.ts';
import { formatOutcome, isEof } from '../core/words/outcome-text.ts';
import { isSubclass } from '../core/words/python-classes.ts';
import { pythonText } from '../core/words/python-text.ts';
import { t } from '../core/words/translate.ts';

const chunk = 64 * 1024;

/**
 * Where the bytes first differ, from 0; -1: nowhere. Compared piece by piece: what is expected may be 64 MiB of one
 * byte.
 */
const firstDifference = (expected: Bytes, data: Uint8Array): number => {
  const scratch = expected.kind === 'repeat' ? new Uint8Array(Math.min(chunk, data.length)) : undefined;
  for (let start = 0; start < data.length; start += chunk) {
    const part = slice(expected, start, chunk, scratch);
    if (Buffer.compare(part, data.subarray(start, start + part.length)) === 0) continue;
    for (let i = 0; i < part.length; i++) if (part[i] !== data[start + i]) return start + i;
  }
  return -1;
};

const sameBytes = (expected: Bytes, data: Uint8Array): boolean =>
  byteLength(expected) === data.length && firstDifference(expected, data) < 0;

const sameHost = (pattern: string, host: string): boolean => {
  if (pattern === '*' || canonicalHost(pattern) === canonicalHost(host)) return true;
  if (pattern.toLowerCase() === 'localhost') return isLoopback(host);
  return pattern === '' && isWildcard(host);
};

/** Whether an address is one of those that a pattern means. */
const matchesEndpoint = (pattern: EndpointPattern, endpoint: Endpoint): boolean => {
  if (pattern.kind === 'unix') return endpoint.kind === 'unix' && pattern.path === endpoint.path;
  if (endpoint.kind === 'unix') return pattern.host === '*' && pattern.port === '*';
  const { host, port } = endpoint;
  return sameHost(pattern.host, host) && (pattern.port === '*' || String(pattern.port) === String(port));
};

const matchesSender = (pattern: EndpointPattern | null, sender: Endpoint | undefined): boolean =>
  pattern === null || (sender !== undefined && matchesEndpoint(pattern, sender));

const hasBytes = (wanted: Extract<Expected, { kind: 'bytes' }>, outcome: Outcome): boolean => {
  if (outcome.kind === 'text') return sameBytes(wanted.bytes, encodeText(outcome.text));
  if (outcome.kind !== 'data' || outcome.dropped) return false;
  return sameBytes(wanted.bytes, outcome.data) && matchesSender(wanted.from, outcome.from);
};

/** What an outcome says as bytes or as text; undefined where it is neither, or no longer held. */
const wordsOf = (outcome: Outcome): Uint8Array | string | undefined => {
  if (outcome.kind === 'text') return outcome.text;
  if (outcome.kind === 'endpoint') return formatEndpoint(outcome.endpoint);
  return outcome.kind === 'data' && !outcome.dropped ? outcome.data : undefined;
};

const senderOf = (outcome: Outcome): Endpoint | undefined =>
  outcome.kind === 'data' ? outcome.from : undefined;

/** Whether what the call returned begins with these bytes, or has them anywhere. */
const hasPart = (wanted: Extract<Expected, { kind: 'starts' | 'contains' }>, outcome: Outcome): boolean => {
  const words = wordsOf(outcome);
  if (words === undefined || !matchesSender(wanted.from, senderOf(outcome))) return false;
  const data = typeof words === 'string' ? encodeText(words) : words;
  const size = byteLength(wanted.bytes);
  if (size > data.length) return false;
  if (wanted.kind === 'starts') return firstDifference(wanted.bytes, data.subarray(0, size)) < 0;
  return findBytes(data, materialise(wanted.bytes));
};

const hasPattern = (wanted: Extract<Expected, { kind: 'pattern' }>, outcome: Outcome): boolean => {
  const words = wordsOf(outcome);
  if (words === undefined || !matchesSender(wanted.from, senderOf(outcome))) return false;
  return matchesPattern(wanted.pattern, words);
};

/** The number that a range is about, undefined where the outcome has none. */
const amount = (outcome: Outcome, bytes: boolean): number | undefined => {
  if (outcome.kind === 'count') return outcome.count;
  if (outcome.kind === 'data') return outcome.data.length + (outcome.dropped ?? 0);
  if (outcome.kind === 'number' && !bytes) return outcome.number ?? undefined;
  return undefined;
};

const inRange = ({ from, to, bytes }: Extract<Expected, { kind: 'range' }>, outcome: Outcome): boolean => {
  const found = amount(outcome, bytes);
  return found !== undefined && found >= from && found <= to;
};

/** Times have whole microseconds: 1.001 s are 1001 ms, whatever 1.001 * 1000 comes to. */
const isTime = (seconds: number, ms: number): boolean => Math.round(seconds * 1e6) === Math.round(ms * 1e3);

/** A message is the text alone, or with its number as Python prints it. */
const says = (message: string | null, failure: Failure, call: Call): boolean => {
  if (message === null) return true;
  const text = pythonText(failure, call);
  return text === message || text.replace(/^\[Errno -?\d+\] /, '') === message;
};

const holds = (wanted: Expected, outcome: Outcome, call: Call): boolean => {
  switch (wanted.kind) {
    case 'any':
      return true;
    case 'ok':
      return outcome.kind !== 'error';
    case 'eof':
      return isEof(outcome, call);
    case 'none':
      return outcome.kind === 'none' || (outcome.kind === 'number' && outcome.number === null);
    case 'bytes':
      return hasBytes(wanted, outcome);
    case 'starts':
    case 'contains':
      return hasPart(wanted, outcome);
    case 'pattern':
      return hasPattern(wanted, outcome);
    case 'range':
      return inRange(wanted, outcome);
    case 'endpoint':
      if (outcome.kind === 'endpoints')
        return outcome.endpoints.some(one => matchesEndpoint(wanted.endpoint, one));
      return outcome.kind === 'endpoint' && matchesEndpoint(wanted.endpoint, outcome.endpoint);
    case 'made':
      return (
        outcome.kind === 'made' && outcome.name === wanted.name && matchesSender(wanted.from, outcome.peer)
      );
    case 'duration':
      return outcome.kind === 'number' && outcome.number !== null && isTime(outcome.number, wanted.ms);
    case 'error':
      return outcome.kind === 'error' && outcome.code === wanted.code && says(wanted.message, outcome, call);
    case 'raises':
      if (outcome.kind !== 'error') return false;
      return isSubclass(errorTable[outcome.code][1], wanted.python) && says(wanted.message, outcome, call);
    case 'blocked':
    case 'queued':
      return false;
  }
};

const shown = 200;

const differentBytes = (wanted: Bytes, data: Uint8Array): string => {
  const size = byteLength(wanted);
  if (size !== data.length) return t`; ${size} bytes expected, ${data.length} found`;
  return t`; the same length, other bytes from byte ${firstDifference(wanted, data) + 1} on`;
};

/** What differs, where both sides may look the same. */
const difference = (wanted: Expected, outcome: Outcome): string => {
  if (wanted.kind === 'range' && wanted.bytes && outcome.kind === 'number')
    return t('; a number is no count of bytes');
  if (!('from' in wanted) || wanted.kind === 'range' || wanted.kind === 'made' || outcome.kind !== 'data')
    return '';
  if (outcome.dropped) return t('; these bytes are no longer held, so they cannot be compared');
  if (wanted.from && !matchesSender(wanted.from, outcome.from)) {
    return outcome.from ? t`; it came from ${formatEndpoint(outcome.from)}` : t('; its sender is not known');
  }
  return wanted.kind === 'bytes' ? differentBytes(wanted.bytes, outcome.data) : '';
};

/**
 * Judges the value of a call that has ended: true, or the reason why it is not what was expected. Times are not judged
 * here; a call that was to be blocked or queued and has ended is not what was expected.
 */
export const matches = (expectation: Expectation, outcome: Outcome, call: Call): true | string => {
  const wanted = expectation.value;
  if (holds(wanted, outcome, call)) return true;
  return t`expected ${formatExpectation({ value: wanted, span: null }, shown)}, found ${formatOutcome(outcome, call, shown)}${difference(wanted, outcome)}`;
};
