import { formatEndpoint, parseAddress } from '../addresses/address.ts';
import { inet, isInet } from '../addresses/endpoint.ts';
import { beginsBytes, formatBytes, isQuoted, parseKnownBytes } from '../bytes/bytes-text.ts';
import { quoteText } from '../bytes/payload.ts';
import { parseQuotedText } from '../bytes/quoted.ts';
import { isFileName, isSocketName } from '../model/names.ts';
import { errorCodes, isErrorCode } from '../words/error-table.ts';
import { pythonClasses } from '../words/python-classes.ts';
import { t } from '../words/translate.ts';
import type { EndpointPattern, Expectation, Expected } from './expectation.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';
import { readPattern, writePattern } from './pattern-text.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, refusedAt, type Taken, type Token } from './tokens.ts';
import { formatDuration, formatSize, parseDuration, parseSize } from './units.ts';

const taken = <T>(value: T, used = 1): Parsed<Taken<T>> => parsed({ value, used });

const withToken = <T>(
  token: Token | undefined,
  after: Token,
  read: (text: string) => Parsed<T>,
  what: string,
): Parsed<T> => (token ? shifted(read(token.text), token.column) : refused(what, endColumn([after])));

/** `500ms` behind `within` or `for`. */
export const parseTime = (token: Token | undefined, after: Token): Parsed<number> =>
  withToken(token, after, parseDuration, t`${after.text} needs a time, as in ${after.text} 500ms`);

/** `A..B`, each end by `read`; null where the text is no range. */
const ends = (
  token: Token,
  read: (text: string) => Parsed<number>,
): Parsed<{ from: number; to: number }> | null => {
  const dots = token.text.indexOf('..');
  if (dots < 0) return null;
  const from = shifted(read(token.text.slice(0, dots)), token.column);
  if (!from.ok) return from;
  const to = shifted(read(token.text.slice(dots + 2)), token.column + dots + 2);
  if (!to.ok) return to;
  if (from.value > to.value) return refusedAt(token, t`${token.text} is empty: the smaller end comes first`);
  return parsed({ from: from.value, to: to.value });
};

/** `1B..63MiB`, or null where the token is no range. */
export const parseRange = (token: Token) => ends(token, parseSize);

/** An address of which the port, the host or both may be `*`. */
const parsePattern = (token: Token): Parsed<EndpointPattern> => {
  if (token.text === '*') return parsed(inet('*', '*'));
  const anyPort = token.text.endsWith(':*');
  const text = anyPort ? `${token.text.slice(0, -1)}0` : token.text;
  const address = shifted(parseAddress(text, { anyPort: true }), token.column);
  if (!address.ok) return address;
  const { endpoint } = address.value;
  return parsed(anyPort && isInet(endpoint) ? inet(endpoint.host, '*') : endpoint);
};

const formatPattern = (pattern: EndpointPattern): string => {
  if (!isInet(pattern)) return formatEndpoint(pattern);
  const { host, port } = pattern;
  if (port !== '*') return formatEndpoint(inet(host, port));
  return host === '*' ? '*' : `${formatEndpoint(inet(host, 0)).slice(0, -1)}*`;
};

type Sender = Taken<EndpointPattern | null>;

/** ` from 127.0.0.1:*` behind bytes or a name. */
const parseSender = (tokens: readonly Token[]): Parsed<Sender> => {
  const [from, pattern] = tokens;
  if (from?.text !== 'from') return taken<EndpointPattern | null>(null, 0);
  if (!pattern) return refused(t('from needs an address, as in from 127.0.0.1:*'), endColumn([from]));
  const read = parsePattern(pattern);
  return read.ok ? taken<EndpointPattern | null>(read.value, 2) : read;
};

const bytesValue = (tokens: readonly Token[]): Parsed<Taken<Expected>> => {
  const bytes = parseKnownBytes(tokens);
  if (!bytes.ok) return bytes;
  const { used } = bytes.value;
  const from = parseSender(tokens.slice(used));
  if (!from.ok) return from;
  return taken({ kind: 'bytes', bytes: bytes.value.value, from: from.value.value }, used + from.value.used);
};

/** `starts "HTTP/1."`, `contains hex"0d 0a"`. */
const partValue = (word: Token, tokens: readonly Token[]): Parsed<Taken<Expected>> => {
  const kind = word.text === 'starts' ? 'starts' : 'contains';
  if (!beginsBytes(tokens))
    return refused(t`${kind} needs bytes, as in => ${kind} "HTTP/1.1 200"`, endColumn([word]));
  const whole = bytesValue(tokens);
  if (!whole.ok) return whole;
  const { value: found, used } = whole.value;
  if (found.kind !== 'bytes') return whole;
  return taken({ kind, bytes: found.bytes, from: found.from }, used + 1);
};

const patternValue = (tokens: readonly Token[]): Parsed<Taken<Expected>> => {
  const pattern = readPattern(tokens[0]!);
  if (!pattern.ok) return pattern;
  const from = parseSender(tokens.slice(1));
  if (!from.ok) return from;
  return taken({ kind: 'pattern', pattern: pattern.value, from: from.value.value }, 1 + from.value.used);
};

/** `4`, `64KiB`, `1..64KiB`, each with `bytes` behind it or not; `2s`. */
const numberValue = ([token, next]: readonly Token[]): Parsed<Taken<Expected>> => {
  const range = parseRange(token!);
  if (range === null && /[\d.](us|ms|s|min|h)$/.test(token!.text)) {
    const ms = shifted(parseDuration(token!.text), token!.column);
    return ms.ok ? taken({ kind: 'duration', ms: ms.value }) : ms;
  }
  const size = range ?? shifted(parseSize(token!.text), token!.column);
  if (!size.ok) return size;
  const between = typeof size.value === 'number' ? { from: size.value, to: size.value } : size.value;
  const bytes = next?.text === 'bytes' || next?.text === 'byte';
  return taken({ kind: 'range', ...between, bytes }, bytes ? 2 : 1);
};

const plainWords: Readonly<Record<string, Expected>> = {
  ok: { kind: 'ok' },
  EOF: { kind: 'eof' },
  none: { kind: 'none' },
  None: { kind: 'none' },
  blocked: { kind: 'blocked', for: null },
  queued: { kind: 'queued', for: null },
  any: { kind: 'any' },
};

const errorValue = ([token, next]: readonly Token[]): Parsed<Taken<Expected>> => {
  const message = next && isQuoted(next) ? shifted(parseQuotedText(next.text), next.column) : parsed(null);
  if (!message.ok) return message;
  const used = message.value === null ? 1 : 2;
  const word = token!.text;
  if (isErrorCode(word)) return taken({ kind: 'error', code: word, message: message.value }, used);
  return taken({ kind: 'raises', python: word, message: message.value }, used);
};

const madeValue = (tokens: readonly Token[]): Parsed<Taken<Expected>> => {
  const from = parseSender(tokens.slice(1));
  if (!from.ok) return from;
  return taken({ kind: 'made', name: tokens[0]!.text, from: from.value.value }, 1 + from.value.used);
};

const isAddress = (text: string): boolean => /^[[*]|:/.test(text) || /^\d+(\.\d+){3}$/.test(text);

const value = (tokens: readonly Token[]): Parsed<Taken<Expected>> => {
  const token = tokens[0]!;
  const word = token.text;
  if (token.kind === 'operator') return refusedAt(token, t`${word} does not belong behind =>`);
  if (Object.hasOwn(plainWords, word)) return taken(plainWords[word]!);
  if (word === 'in' || word === 'within') return taken<Expected>({ kind: 'any' }, 0);
  if (word === 'starts' || word === 'contains') return partValue(token, tokens.slice(1));
  if (word.startsWith('/')) return patternValue(tokens);
  if (beginsBytes(tokens)) return bytesValue(tokens);
  if (isErrorCode(word) || pythonClasses.includes(word)) return errorValue(tokens);
  if (isSocketName(word) || isFileName(word)) return madeValue(tokens);
  if (isAddress(word)) {
    const endpoint = parsePattern(token);
    return endpoint.ok ? taken({ kind: 'endpoint', endpoint: endpoint.value }) : endpoint;
  }
  if (/^[\d.]/.test(word)) return numberValue(tokens);
  const way = didYouMean(
    word,
    [...Object.keys(plainWords), 'starts', 'contains', ...errorCodes, ...pythonClasses],
    t(': text stands in quotes'),
  );
  return refusedAt(token, t`${word} is nothing that a call can end with${way}`);
};

type Times = Pick<Expectation, 'span'> & { readonly for: number | null };

/** `for D`, `in A..B` and `within D`, in any order. */
const parseTimes = (tokens: readonly Token[]): Parsed<Times> => {
  let times: Times = { span: null, for: null };
  for (let i = 0; i < tokens.length; i += 2) {
    const [word, time] = [tokens[i]!, tokens[i + 1]];
    if (word.text === 'in') {
      const range = time ? ends(time, parseDuration) : null;
      if (!range) return refusedAt(time ?? word, t('in needs two times, as in 0.9s..1.5s'));
      if (!range.ok) return range;
      times = { ...times, span: range.value };
    } else if (word.text === 'within' || word.text === 'for') {
      const ms = parseTime(time, word);
      if (!ms.ok) return ms;
      times =
        word.text === 'for' ? { ...times, for: ms.value } : { ...times, span: { from: 0, to: ms.value } };
    } else
      return refusedAt(
        word,
        t`${word.text} is too much: what may follow is for 500ms, in 1s..2s or within 1s`,
      );
  }
  return parsed(times);
};

/** What stands behind `=>`; at least one token. */
export const parseExpectation = (tokens: readonly Token[]): Parsed<Expectation> => {
  const first = value(tokens);
  if (!first.ok) return first;
  const rest = tokens.slice(first.value.used);
  const times = parseTimes(rest);
  if (!times.ok) return times;
  const { span, for: lasting } = times.value;
  const expected = first.value.value;
  if (expected.kind === 'blocked' || expected.kind === 'queued') {
    if (span) return refusedAt(rest[0]!, t`${expected.kind} has no end to time: write for 500ms`);
    return parsed({ value: { ...expected, for: lasting }, span });
  }
  if (lasting === null) return parsed({ value: expected, span });
  return refusedAt(
    rest.find(token => token.text === 'for')!,
    t('for belongs to blocked and queued: write within 500ms'),
  );
};

const sender = (from: EndpointPattern | null): string => (from ? ` from ${formatPattern(from)}` : '');
const said = (message: string | null): string => (message === null ? '' : ` ${quoteText(message)}`);
const lasting = (ms: number | null): string => (ms === null ? '' : ` for ${formatDuration(ms)}`);

const formatExpected = (expected: Expected, limit?: number): string => {
  switch (expected.kind) {
    case 'ok':
    case 'none':
    case 'any':
      return expected.kind;
    case 'eof':
      return 'EOF';
    case 'bytes':
      return `${formatBytes(expected.bytes, limit)}${sender(expected.from)}`;
    case 'starts':
    case 'contains':
      return `${expected.kind} ${formatBytes(expected.bytes, limit)}${sender(expected.from)}`;
    case 'pattern':
      return `${writePattern(expected.pattern)}${sender(expected.from)}`;
    case 'range': {
      const { from, to, bytes } = expected;
      const range = from === to ? formatSize(from) : `${formatSize(from)}..${formatSize(to)}`;
      return bytes ? `${range} bytes` : range;
    }
    case 'endpoint':
      return formatPattern(expected.endpoint);
    case 'made':
      return `${expected.name}${sender(expected.from)}`;
    case 'duration':
      return expected.ms === 0 ? '0s' : formatDuration(expected.ms);
    case 'error':
      return `${expected.code}${said(expected.message)}`;
    case 'raises':
      return `${expected.python}${said(expected.message)}`;
    case 'blocked':
    case 'queued':
      return `${expected.kind}${lasting(expected.for)}`;
  }
};

/** `within 1s`, `in 0.9s..1.5s`. */
export const formatSpan = ({ from, to }: NonNullable<Expectation['span']>): string =>
  from === 0 ? `within ${formatDuration(to)}` : `in ${formatDuration(from)}..${formatDuration(to)}`;

/** What stands behind `=>`, so that it reads back the same; with `limit` bytes are cut after that many characters. */
export const formatExpectation = ({ value: expected, span }: Expectation, limit?: number): string => {
  const text = formatExpected(expected, limit);
  return span ? `${text} ${formatSpan(span)}` : text;
};
