import { defaultPort, formatEndpoint, parseAddress } from '../addresses/address.ts';
import type { Endpoint } from '../addresses/endpoint.ts';
import { isUnixAddress } from '../addresses/unix-address.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { formatBytes, isQuoted, parseBytes } from '../bytes/bytes-text.ts';
import { quoteText } from '../bytes/payload.ts';
import { parseQuotedText } from '../bytes/quoted.ts';
import type { RecvFlag, Want } from '../calls/call.ts';
import type { ParameterKind } from '../calls/call-spec.ts';
import { isSocketName } from '../model/names.ts';
import { type TlsSettings, tlsSides } from '../model/tls.ts';
import { families, socketTypes } from '../model/transports.ts';
import { marked, t } from '../words/translate.ts';
import { type Parsed, parsed, shifted } from './parsed.ts';
import { didYouMean } from './suggest.ts';
import { formatTlsSettings, parseTlsSettings } from './tls-settings-text.ts';
import { refusedAt, type Taken, type Token } from './tokens.ts';
import { digits, formatDuration, formatSize, parseAnyTimeout, parseSize, parseWhole } from './units.ts';

/** A call's arguments by their fields' names. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads and writes one kind of argument. */
export type Codec<T> = {
  /** Gets at least one token, and the arguments that stand before it. */
  readonly parse: (tokens: readonly Token[], before?: Fields) => Parsed<Taken<T>>;
  /** With `limit`, bytes are cut after that many characters. */
  readonly format: (value: T, limit?: number) => string;
  /** What is missing where the argument is, and an example. */
  readonly noun: () => string;
};

const one = <T>(token: Token, result: Parsed<T>): Parsed<Taken<T>> =>
  result.ok ? parsed({ value: result.value, used: 1 }) : shifted(result, token.column);

/** Python's constants come with or without their module: socket.AF_INET. */
const constant = (token: Token): string => token.text.replace(/^socket\./, '');

/** Python would not complain of the two in the wrong order: both are numbers. */
const swapped = (): string =>
  t(
    'the arguments are swapped: family comes first, then type. Python would not complain: both are numbers, and socket(SOCK_STREAM, AF_INET) silently makes an AF_UNIX datagram socket. Write socket AF_INET SOCK_STREAM',
  );

const choice = <T extends string>(noun: string, words: readonly T[], wrong?: RegExp): Codec<T> => ({
  parse: ([token]) => {
    const word = words.find(known => known === constant(token!));
    if (word !== undefined) return parsed({ value: word, used: 1 });
    if (wrong?.test(constant(token!))) return refusedAt(token!, swapped());
    const way = didYouMean(constant(token!), words, t`: write ${words.join(t(' or '))}`);
    return refusedAt(token!, t`${token!.text} is no ${t(noun)}${way}`);
  },
  format: value => value,
  noun: () => t`the ${t(noun)}: ${words.join(t(' or '))}`,
});

/** Flags come last: all that is left of the line, with | or blanks between. */
const flagsOf = <T extends string>(words: readonly T[]): Codec<readonly T[]> => {
  const oneFlag = choice(marked('flag'), words);
  return {
    parse: tokens => {
      const found: T[] = [];
      for (const token of tokens) {
        let column = token.column;
        for (const text of token.text.split('|')) {
          const flag = text === '' ? undefined : oneFlag.parse([{ kind: 'word', text, column }]);
          if (flag && !flag.ok) return flag;
          if (flag) found.push(flag.value.value);
          column += text.length + 1;
        }
      }
      return found.length > 0
        ? parsed({ value: found, used: tokens.length })
        : refusedAt(tokens[0]!, t('a flag is missing'));
    },
    format: value => value.join('|'),
    noun: () => t`flags: ${words.join(', ')}`,
  };
};

const recvFlags: readonly RecvFlag[] = ['MSG_PEEK', 'MSG_WAITALL', 'MSG_DONTWAIT', 'MSG_OOB'];
const sendFlags: readonly RecvFlag[] = ['MSG_OOB'];

/** One token, or two as nc and Python's tuple have them: `localhost 80`, ("localhost", 80). */
const endpoint: Codec<Endpoint> = {
  parse: ([first, second]) => {
    // The name of a Unix socket is whole as one word.
    const isPair = second !== undefined && !isUnixAddress(first!.text);
    const text = isPair ? `${first!.text} ${second.text}` : first!.text;
    const address = parseAddress(text, { anyPort: true });
    if (address.ok && address.value.type)
      return refusedAt(first!, t('the socket has a type already: leave out the scheme'));
    if (address.ok) return parsed({ value: address.value.endpoint, used: isPair ? 2 : 1 });
    const inSecond = isPair && address.column > first!.text.length;
    const base = inSecond ? second.column - first!.text.length - 1 : first!.column;
    return { ...address, column: address.column + base };
  },
  format: formatEndpoint,
  noun: () => t`an address, as in 127.0.0.1:${defaultPort}`,
};

const bytes: Codec<Bytes> = {
  parse: parseBytes,
  format: formatBytes,
  noun: () => t('bytes, as in "hello\\r\\n"'),
};

/**
 * A number for a call, which hands it over as it is: what comes back is the kernel's answer, or Python's exception.
 * Only one whose digits would change is refused here.
 */
const whole = (token: Token, noun: string): Parsed<Taken<number>> => {
  const number = parseWhole(token.text);
  if (number !== undefined) return parsed({ value: number, used: 1 });
  if (!/^-?\d+$/.test(token.text))
    return refusedAt(token, t`${token.text} is no ${t(noun)}: write a whole number`);
  const why = t('it would be rounded here, and Python answers OverflowError or TypeError');
  return refusedAt(
    token,
    t`${token.text} has more digits than a number keeps: ${why}; 9223372036854775808 is large enough`,
  );
};

const size: Codec<number> = {
  parse: ([token]) =>
    /^-?\d+$/.test(token!.text) ? whole(token!, marked('size')) : one(token!, parseSize(token!.text)),
  format: formatSize,
  noun: () => t('a size in bytes, as in 4096 or 64KiB'),
};

const count: Codec<number> = {
  parse: ([token]) => whole(token!, marked('count')),
  format: digits,
  noun: () => t('a number'),
};

const timeout: Codec<number | null> = {
  parse: ([token]) => one(token!, parseAnyTimeout(token!.text)),
  format: formatDuration,
  noun: () => t('a time: 2s, 500ms, 0 or none'),
};

const word: Codec<string> = {
  parse: ([token]) => {
    const text = constant(token!);
    if (/^[A-Za-z_]\w*$/.test(text)) return parsed({ value: text, used: 1 });
    return refusedAt(token!, t`${token!.text} is no name: write a constant such as SOL_SOCKET`);
  },
  format: value => value,
  noun: () => t('a name, as in SOL_SOCKET'),
};

const text: Codec<string> = {
  parse: ([token]) => {
    if (isQuoted(token!)) return one(token!, parseQuotedText(token!.text));
    if (!/["']/.test(token!.text)) return parsed({ value: token!.text, used: 1 });
    return refusedAt(token!, t`${token!.text} must stand in quotes as a whole`);
  },
  format: quoteText,
  noun: () => t('text, as in "localhost"'),
};

const switches: Readonly<Record<string, number>> = { True: 1, False: 0, on: 1, off: 0 };

/** 0 is on, for 0 s, so that close resets: off is a value of its own (socket(7), SO_LINGER). */
const lingerSwitch = (token: Token): Parsed<Taken<string>> =>
  switches[token.text] === 0
    ? parsed({ value: 'off', used: 1 })
    : refusedAt(token, t`SO_LINGER takes seconds or off, not ${token.text}: with 0 close resets`);

const value: Codec<number | string> = {
  parse: (tokens, before) => {
    const word = tokens[0]!.text;
    if (Object.hasOwn(switches, word)) {
      if (before?.option === 'SO_LINGER') return lingerSwitch(tokens[0]!);
      return parsed({ value: switches[word]!, used: 1 });
    }
    if (/^-?\d+$/.test(word)) return whole(tokens[0]!, marked('value'));
    // A time is a structure for the kernel, and stays text: SO_LINGER 2s, SO_RCVTIMEO 500ms.
    if (/^\d[\d.]*(?:us|ms|s|min|h)$/.test(word)) return parsed({ value: word, used: 1 });
    return /^\d[\d.]*[A-Za-z]+$/.test(word) ? size.parse(tokens) : text.parse(tokens);
  },
  format: item => (typeof item === 'number' ? digits(item) : quoteText(item)),
  noun: () => t('a value: a number, on, off or text'),
};

const wantPattern = /^(\S+?)( r?w?)?$/;

/** `p1.3 rw`; what is waited for besides reading and writing has no letter. */
const wantText = ({ on, reads, writes }: Want): string => {
  const letters = `${reads ? 'r' : ''}${writes ? 'w' : ''}`;
  return letters === '' ? on : `${on} ${letters}`;
};

const isDescriptor = (on: string): boolean => isSocketName(on) || /^fd(?:0|[1-9]\d{0,8})$/.test(on);

/** What a poll waits for, in one quotation: "p1.3 r, p1.4 rw, fd0 r". */
const wants: Codec<readonly Want[]> = {
  parse: ([token]) => {
    const quoted = text.parse([token!]);
    if (!quoted.ok) return quoted;
    const words = quoted.value.value === '' ? [] : quoted.value.value.split(', ');
    const found: Want[] = [];
    for (const word of words) {
      const [, on = '', letters = ''] = wantPattern.exec(word) ?? [];
      if (!isDescriptor(on))
        return refusedAt(token!, t`${word} is no descriptor and what for, as in "p1.3 rw"`);
      found.push({ on, reads: letters.includes('r'), writes: letters.includes('w') });
    }
    return parsed({ value: found, used: 1 });
  },
  format: items => quoteText(items.map(wantText).join(', ')),
  noun: () => t('descriptors and what for, as in "p1.3 rw, fd0 r"'),
};

/** Python's None, which is no text: that stands in quotes. */
const isNone = (token: Token): boolean => token.text === 'None';

const host: Codec<string | null> = {
  parse: tokens => (isNone(tokens[0]!) ? parsed({ value: null, used: 1 }) : text.parse(tokens)),
  format: item => (item === null ? 'None' : quoteText(item)),
  noun: () => t('a host name or None'),
};

const port: Codec<number | string | null> = {
  parse: tokens => {
    const word = tokens[0]!.text;
    if (isNone(tokens[0]!)) return parsed({ value: null, used: 1 });
    return /^-?\d+$/.test(word) ? whole(tokens[0]!, marked('port')) : text.parse(tokens);
  },
  format: item => (item === null ? 'None' : typeof item === 'number' ? digits(item) : quoteText(item)),
  noun: () => t('a port number or a service name'),
};

const tls: Codec<TlsSettings> = {
  parse: parseTlsSettings,
  format: formatTlsSettings,
  noun: () => t('settings of TLS, as in server_hostname "localhost" cafile "ca.pem"'),
};

/** One codec a kind of parameter. The table of calls says which field is of which kind, so types end here. */
export const codecs = {
  family: choice(marked('address family'), families, /^SOCK_/),
  type: choice(marked('socket type'), socketTypes, /^AF_/),
  endpoint,
  bytes,
  size,
  count,
  flags: flagsOf(recvFlags),
  sendFlags: flagsOf(sendFlags),
  how: choice(marked('way to shut down'), ['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR']),
  timeout,
  word,
  text,
  value,
  host,
  port,
  wants,
  side: choice(marked('side of TLS'), tlsSides),
  tls,
} satisfies Record<ParameterKind, unknown>;
