import { formatEndpoint } from '../addresses/address.ts';
import { hostAt, portAt } from '../addresses/endpoint.ts';
import { quoteText, safeText } from '../bytes/payload.ts';
import type { Call } from '../calls/call.ts';
import type { WaitsFor } from '../calls/call-spec.ts';
import { calls } from '../calls/calls.ts';
import type { Failure } from '../calls/outcome.ts';
import { digits } from '../language/units.ts';
import type { Layer, Rows, Words } from './error-rows.ts';
import { type ErrorCode, errorTable } from './error-table.ts';
import { errorWords } from './error-words.ts';
import { isOfTls, tlsErrorText, tlsWordsOf } from './tls-errors.ts';
import { unixRows, unixWordsOf } from './unix-words.ts';

/** A failure for people: what Python would raise and print, one sentence, and what to try. */
export type Explanation = {
  readonly code: ErrorCode;
  readonly errno: number | null;
  /** Class name, with its module where it is not built in; '' where CPython raises nothing. */
  readonly python: string;
  /** What str(error) gives: "[Errno 111] Connection refused". */
  readonly pythonText: string;
  readonly layer: Layer;
  readonly sentence: string;
  readonly advice: string;
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

const shown = (value: number | string | null): string => {
  if (value === null) return 'None';
  return typeof value === 'number' ? digits(value) : value;
};

/** The values that a sentence may name: the call's own, else what the failure's detail says, else a noun. */
const values = (call: Call, detail: string | undefined): Readonly<Record<string, string>> => {
  const address = 'address' in call ? call.address : undefined;
  const host = hostAt(address) ?? ('host' in call ? call.host : undefined);
  const port = portAt(address) ?? ('port' in call ? call.port : undefined);
  const service = 'service' in call ? call.service : typeof port === 'string' ? port : undefined;
  const named = (text: string | null | undefined, noun: string) => {
    if (text === null) return 'None';
    return text === undefined ? noun : quoteText(text);
  };
  return {
    at: address ? formatEndpoint(address) : (detail ?? 'the peer'),
    host: named(host, detail ?? 'the name'),
    port: port === undefined ? 'of the socket' : safeText(shown(port)),
    service: named(service, 'of this name'),
    on: call.on === '' ? 'the socket' : call.on,
    call: call.name,
    value: 'value' in call ? safeText(shown(call.value)) : 'this',
  };
};

const layers: Readonly<Record<WaitsFor, Layer>> = {
  answer: 'resolve',
  handshake: 'connect',
  tls: 'tls',
  client: 'connect',
  bytes: 'transfer',
  room: 'transfer',
  ready: 'transfer',
};

const layerOf = ({ name }: Call): Layer => {
  const { waits } = calls[name];
  return waits === null ? 'usage' : layers[waits];
};

/** A port that nobody has any more, and that the kernel keeps for a while. */
const timeWaitWords = (left: number): Words => [
  'usage',
  `{at} is held by a closed connection in TIME-WAIT, for ${Math.ceil(left / 1000)} s more`,
  'set SO_REUSEADDR before bind, on every socket that binds it (setsockopt SOL_SOCKET SO_REUSEADDR 1), or wait',
];

const wordsOf = (failure: Failure, call: Call): Words => {
  if (failure.timeWait !== undefined) return timeWaitWords(failure.timeWait);
  const rows = errorWords[failure.code];
  const words = unixWordsOf(failure, call) ?? tlsWordsOf(failure, call) ?? rows?.[call.name] ?? rows?.any;
  if (words) return words;
  const text =
    failure.code === 'UNKNOWN' ? 'something this bench has no words for' : errorTable[failure.code][2];
  return [
    layerOf(call),
    `{call} failed: ${text}`,
    'the system means this literally: see the manual page of {call}',
  ];
};

const sendsBytes = (call: Call): boolean => 'data' in call && calls[call.name].returns !== 'length';

/**
 * Says what a failed call's error is: code, errno (Linux), Python's class and text, the layer that failed, a sentence
 * that names the value concerned, and what to try.
 */
export const explain = (failure: Failure, call: Call): Explanation => {
  const { code, count } = failure;
  const detail = failure.detail === undefined ? undefined : safeText(failure.detail);
  const [errno, python] = errorTable[code];
  const shown = detail === undefined ? failure : { ...failure, detail };
  const [layer, sentence, advice] = wordsOf(shown, call);
  const known = values(call, detail);
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole);
  const said = fill(sentence);
  const more = detail === undefined || said.includes(detail) ? '' : ` (${detail})`;
  const taken = count === undefined || !sendsBytes(call) ? '' : `; the kernel had taken ${count} bytes`;
  return {
    code,
    errno,
    python,
    pythonText: safeText(pythonText(shown, call)),
    layer,
    sentence: `${said}${more}${taken}`,
    advice: fill(advice),
  };
};

/** What stands for the values of a call, where no call is at hand. */
const nouns: Readonly<Record<string, string>> = {
  at: 'the address',
  host: 'this host',
  port: 'of the call',
  service: 'of this name',
  on: 'this socket',
  call: 'this call',
  value: 'what was given',
};

const firstOf = (rows: Rows | undefined): Words | undefined => rows?.any ?? Object.values(rows ?? {})[0];

/** The same of a code alone, whatever the call was; undefined where no words are known but the system's. */
export const explainCode = (
  code: ErrorCode,
): Pick<Explanation, 'layer' | 'sentence' | 'advice'> | undefined => {
  const call: Call = { name: 'recv', on: '', size: 1 };
  const words =
    firstOf(errorWords[code]) ?? firstOf(unixRows[code]) ?? tlsWordsOf({ kind: 'error', code }, call);
  if (!words) return undefined;
  const [layer, sentence, advice] = words;
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => nouns[name] ?? whole);
  return { layer, sentence: fill(sentence), advice: fill(advice) };
};
