import { latePattern } from '../bytes/late.ts';
import { quoteText, safeText } from '../bytes/payload.ts';
import { parseQuotedText } from '../bytes/quoted.ts';
import { type Parsed, parsed, refused, shifted } from '../language/parsed.ts';
import { t } from '../words/translate.ts';
import { type UnixEndpoint, unix } from './endpoint.ts';

/** Whether this is how the address of a Unix socket begins. */
export const isUnixAddress = (text: string): boolean => /^unix:/i.test(text);

/** Names that need no quotes: no blank, quote, bracket or operator of the line grammar. */
const plain = latePattern(String.raw`^[\p{L}\p{M}\p{N}._%/@:+~-]+$`);

const ways = (): string => t('write unix:/path, or unix:@name for an abstract name');

const nameOf = (text: string, at: number): Parsed<string> => {
  if (/^["']/.test(text)) return shifted(parseQuotedText(text), at);
  const odd = text.search(/[\s"'#(),=<>&]/);
  return odd < 0
    ? parsed(text)
    : refused(t`a path with ${quoteText(text[odd]!)} in it stands in quotes, as in unix:"/a b"`, at + odd, 1);
};

/**
 * `unix:/path`, `unix:///path`, `unix:relative/path`, `unix:@name` for one of the abstract namespace, and `unix:""` for
 * none. A name with odd characters stands in quotes, behind the @ where it is abstract.
 */
export const parseUnix = (
  text: string,
): Parsed<{ readonly endpoint: UnixEndpoint; readonly family: 'AF_UNIX' }> => {
  const [, scheme = '', abstract = '', name = ''] = /^(unix:(?:\/\/(?=\/))?)(@?)(.*)$/is.exec(text)!;
  const at = scheme.length + abstract.length;
  if (name === '' && abstract === '') return refused(t`the path is missing: ${ways()}`, at);
  if (name.startsWith('//') && !name.startsWith('///'))
    return refused(t`a Unix socket has no host: ${ways()}, or unix:///path`, at, name.length);
  const read = nameOf(name, at);
  if (!read.ok) return read;
  if (abstract === '' && read.value.includes('\0'))
    return refused(t('a path holds no NUL: an abstract name is written unix:@name'), at, name.length);
  return parsed({ endpoint: unix(abstract === '' ? read.value : `\0${read.value}`), family: 'AF_UNIX' });
};

const written = (name: string): string =>
  plain().test(name) && safeText(name) === name ? name : quoteText(name);

/** As parseUnix reads it back; the empty name is that of a socket that was not bound. */
export const formatUnix = ({ path }: UnixEndpoint): string => {
  if (path.startsWith('\0')) return `unix:@${path === '\0' ? '' : written(path.slice(1))}`;
  // Bare, these would be read as something else.
  const mistakable = /^@|^\/\//.test(path) || path === '';
  return `unix:${mistakable ? quoteText(path) : written(path)}`;
};
