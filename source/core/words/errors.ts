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
import { pythonText } from './python-text.ts';
import { tlsWordsOf } from './tls-errors.ts';
import { filled, marked, t } from './translate.ts';
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
    at: address ? formatEndpoint(address) : (detail ?? t('the peer')),
    host: named(host, detail ?? t('the name')),
    port: port === undefined ? t('of the socket') : safeText(shown(port)),
    service: named(service, t('of this name')),
    on: call.on === '' ? t('the socket') : call.on,
    call: call.name,
    value: 'value' in call ? safeText(shown(call.value)) : t('this'),
  };
};

/** A row of a table in the person's language. */
const translated = ([layer, sentence, advice]: Words): Words => [layer, t(sentence), t(advice)];

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
  t`{at} is held by a closed connection in TIME-WAIT, for ${Math.ceil(left / 1000)} s more`,
  t(
    'set SO_REUSEADDR before bind, on every socket that binds it (setsockopt SOL_SOCKET SO_REUSEADDR 1), or wait',
  ),
];

const wordsOf = (failure: Failure, call: Call): Words => {
  if (failure.timeWait !== undefined) return timeWaitWords(failure.timeWait);
  const rows = errorWords[failure.code];
  const ofUnix = unixWordsOf(failure, call);
  if (ofUnix) return translated(ofUnix);
  const ofTls = tlsWordsOf(failure, call);
  if (ofTls) return ofTls;
  const words = rows?.[call.name] ?? rows?.any;
  if (words) return translated(words);
  const text =
    failure.code === 'UNKNOWN' ? t('something this bench has no words for') : errorTable[failure.code][2];
  return [
    layerOf(call),
    t`{call} failed: ${text}`,
    t('the system means this literally: see the manual page of {call}'),
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
  const fill = (text: string) => filled(text, name => known[name]);
  const said = fill(sentence);
  const more = detail === undefined || said.includes(detail) ? '' : t` (${detail})`;
  const taken = count === undefined || !sendsBytes(call) ? '' : t`; the kernel had taken ${count} bytes`;
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
  at: marked('the address'),
  host: marked('this host'),
  port: marked('of the call'),
  service: marked('of this name'),
  on: marked('this socket'),
  call: marked('this call'),
  value: marked('what was given'),
};

const firstOf = (rows: Rows | undefined): Words | undefined => rows?.any ?? Object.values(rows ?? {})[0];

/** The same of a code alone, whatever the call was; undefined where no words are known but the system's. */
export const explainCode = (
  code: ErrorCode,
): Pick<Explanation, 'layer' | 'sentence' | 'advice'> | undefined => {
  const call: Call = { name: 'recv', on: '', size: 1 };
  const row = firstOf(errorWords[code]) ?? firstOf(unixRows[code]);
  const words = row ? translated(row) : tlsWordsOf({ kind: 'error', code }, call);
  if (!words) return undefined;
  const [layer, sentence, advice] = words;
  const noun = (name: string) => (nouns[name] === undefined ? undefined : t(nouns[name]));
  const fill = (text: string) => filled(text, noun);
  return { layer, sentence: fill(sentence), advice: fill(advice) };
};

/** A sentence that goes on. */
export const withoutStop = (sentence: string): string => sentence.replace(/[.。]$/, '');
