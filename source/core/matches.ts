import { formatEndpoint } from './address.ts';
import { type Bytes, byteLength, slice } from './bytes.ts';
import type { Call } from './call.ts';
import { errorTable } from './error-table.ts';
import { pythonText } from './errors.ts';
import type { EndpointPattern, Expectation, Expected } from './expectation.ts';
import { formatExpectation } from './expectation-text.ts';
import { canonicalHost, isLoopback, isWildcard } from './ip.ts';
import type { Endpoint } from './names.ts';
import type { Failure, Outcome } from './outcome.ts';
import { formatOutcome, isEof } from './outcome-text.ts';
import { isSubclass } from './python-classes.ts';

const chunk = 64 * 1024;

/** Compared piece by piece: what is expected may be 64 MiB of one byte. */
const sameBytes = (expected: Bytes, data: Uint8Array): boolean => {
  if (byteLength(expected) !== data.length) return false;
  const scratch = expected.kind === 'repeat' ? new Uint8Array(Math.min(chunk, data.length)) : undefined;
  for (let start = 0; start < data.length; start += chunk) {
    const part = slice(expected, start, chunk, scratch);
    for (let i = 0; i < part.length; i++) if (part[i] !== data[start + i]) return false;
  }
  return true;
};

const sameHost = (pattern: string, host: string): boolean => {
  if (pattern === '*' || canonicalHost(pattern) === canonicalHost(host)) return true;
  if (pattern.toLowerCase() === 'localhost') return isLoopback(host);
  return pattern === '' && isWildcard(host);
};

/** Whether an address is one of those that a pattern means. */
export const matchesEndpoint = (pattern: EndpointPattern, endpoint: Endpoint): boolean =>
  sameHost(pattern.host, endpoint.host) &&
  (pattern.port === '*' || String(pattern.port) === String(endpoint.port));

const matchesSender = (pattern: EndpointPattern | null, sender: Endpoint | undefined): boolean =>
  pattern === null || (sender !== undefined && matchesEndpoint(pattern, sender));

const hasBytes = (wanted: Extract<Expected, { kind: 'bytes' }>, outcome: Outcome): boolean => {
  if (outcome.kind === 'text') return sameBytes(wanted.bytes, new TextEncoder().encode(outcome.text));
  if (outcome.kind !== 'data' || outcome.dropped) return false;
  return sameBytes(wanted.bytes, outcome.data) && matchesSender(wanted.from, outcome.from);
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
      return outcome.kind === 'number' && outcome.number !== null && outcome.number * 1000 === wanted.ms;
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

/** What differs, where both sides look the same at the length that is shown. */
const difference = (wanted: Expected, outcome: Outcome): string => {
  if (wanted.kind !== 'bytes' || outcome.kind !== 'data') return '';
  if (outcome.dropped) return '; these bytes are no longer held, so they cannot be compared';
  if (wanted.from && !matchesSender(wanted.from, outcome.from)) {
    return outcome.from ? `; it came from ${formatEndpoint(outcome.from)}` : '; its sender is not known';
  }
  const size = byteLength(wanted.bytes);
  return size === outcome.data.length
    ? '; the same length, other bytes'
    : `; ${size} bytes expected, ${outcome.data.length} found`;
};

/**
 * Judges the value of a call that has ended: true, or the reason why it is not what was expected. Times are not judged
 * here; a call that was to be blocked or queued and has ended is not what was expected.
 */
export const matches = (expectation: Expectation, outcome: Outcome, call: Call): true | string => {
  const wanted = expectation.value;
  if (holds(wanted, outcome, call)) return true;
  return `expected ${formatExpectation({ value: wanted, span: null }, shown)}, found ${formatOutcome(outcome, call, shown)}${difference(wanted, outcome)}`;
};
