import { formatEndpoint, parseAddress } from '../addresses/address.ts';
import type { Endpoint } from '../addresses/endpoint.ts';
import { beginsBytes, formatBytes, parseBytes } from '../bytes/bytes-text.ts';
import { isOwnSocketName } from '../model/names.ts';
import { longestEvery, type Repeat } from '../model/repeat-plan.ts';
import { t } from '../words/translate.ts';
import { parseTime } from './expectation-text.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';
import { endColumn, refusedAt, type Token, tokenize } from './tokens.ts';
import { formatDuration } from './units.ts';

/** `c1.repeat "msg \{n}" every 200ms 50 times`: sent again and again by itself; `c1.repeat off`: no more. */
export type RepeatStatement = {
  readonly kind: 'repeat-send';
  readonly socket: string;
  readonly repeat: Repeat | null;
};

const suffix = '.repeat';

/** More than anybody waits for. */
const mostTimes = 1_000_000_000;

const example = (): string => t('as in "hi \\{n}" every 200ms 50 times');

/** What begins at `rest`, and where it ends. */
type Part<T> = Parsed<{ readonly value: T; readonly rest: readonly Token[] }>;

const toPart = (tokens: readonly Token[]): Part<Endpoint | null> => {
  const [to, where, ...rest] = tokens;
  if (to?.text !== 'to') return parsed({ value: null, rest: tokens });
  if (!where) return refused(t('where to? Write an address, as in to 127.0.0.1:51423'), endColumn([to]));
  const address = shifted(parseAddress(where.text), where.column);
  return address.ok ? parsed({ value: address.value.endpoint, rest }) : address;
};

const everyPart = (tokens: readonly Token[], end: number): Part<number> => {
  const [every, time, ...rest] = tokens;
  if (every?.text !== 'every') {
    const message = t`how often? Write every and a time behind what is sent, ${example()}`;
    return every ? refusedAt(every, message) : refused(message, end);
  }
  const ms = parseTime(time, every);
  if (!ms.ok) return ms;
  if (ms.value < 1 || ms.value > longestEvery)
    return refusedAt(time!, t`${time!.text} is no time between two sends: write 1ms to 24h`);
  return parsed({ value: ms.value, rest });
};

const timesPart = (tokens: readonly Token[]): Parsed<number | null> => {
  const [count, word, more] = tokens;
  if (!count) return parsed(null);
  const times = /^\d{1,10}$/.test(count.text) ? Number(count.text) : 0;
  if (times < 1 || times > mostTimes)
    return refusedAt(count, t`${count.text} is no count: write 1 to ${mostTimes} and times, ${example()}`);
  if (word?.text !== 'times' && word?.text !== 'time')
    return refused(t`${count.text} what? Write ${count.text} times, ${example()}`, endColumn([count]));
  return more ? refusedAt(more, t`${more.text} is too much: the count is the last word`) : parsed(times);
};

/** `"hi" to 127.0.0.1:9 every 200ms 50 times`. `end` is the column of what is missing. */
const parseTokens = (tokens: readonly Token[], end: number): Parsed<Repeat> => {
  if (!beginsBytes(tokens)) {
    const message = t`what is sent? Write it in quotes, ${example()}, or off`;
    return tokens[0] ? refusedAt(tokens[0], message) : refused(message, end);
  }
  const bytes = parseBytes(tokens);
  if (!bytes.ok) return bytes;
  const to = toPart(tokens.slice(bytes.value.used));
  if (!to.ok) return to;
  const every = everyPart(to.value.rest, end);
  if (!every.ok) return every;
  const times = timesPart(every.value.rest);
  if (!times.ok) return times;
  const repeat = { data: bytes.value.value, to: to.value.value, every: every.value.value };
  return parsed({ ...repeat, times: times.value });
};

/** What is repeated alone, as forms and sessions have it. */
export const parseRepeat = (text: string): Parsed<Repeat> => {
  const tokens = tokenize(text);
  return tokens.ok ? parseTokens(tokens.value, endColumn(tokens.value)) : tokens;
};

/** As parseRepeat reads it back; with `limit` bytes are cut after that many characters. */
export const formatRepeat = ({ data, to, every, times }: Repeat, limit?: number): string => {
  const where = to ? ` to ${formatEndpoint(to)}` : '';
  const count = times === null ? '' : ` ${times} ${times === 1 ? 'time' : 'times'}`;
  return `${formatBytes(data, limit)}${where} every ${formatDuration(every)}${count}`;
};

/** Null where the tokens are no such line. */
export const parseRepeatStatement = (tokens: readonly Token[]): Parsed<RepeatStatement> | null => {
  const [head, ...rest] = tokens;
  const socket = head?.text.endsWith(suffix) ? head.text.slice(0, -suffix.length) : '';
  if (!isOwnSocketName(socket)) return null;
  const [first, second] = rest;
  if (first?.text === 'off')
    return second
      ? refusedAt(second, t`${second.text} is too much: off stands alone`)
      : parsed({ kind: 'repeat-send', socket, repeat: null });
  const repeat = parseTokens(rest, endColumn(tokens));
  return repeat.ok ? parsed({ kind: 'repeat-send', socket, repeat: repeat.value }) : repeat;
};

/** As parseRepeatStatement reads it back. */
export const formatRepeatStatement = (
  { socket, repeat }: Omit<RepeatStatement, 'kind'>,
  limit?: number,
): string => `${socket}${suffix} ${repeat ? formatRepeat(repeat, limit) : 'off'}`;
