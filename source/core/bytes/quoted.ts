import { type Parsed, parsed, refused, shifted } from '../language/parsed.ts';
import { t } from '../words/translate.ts';
import { parseEscapes, parseTextEscapes } from './payload.ts';

/** Index of the quote that closes the one at `open`, or -1. A backslash hides the character behind it. */
export const closingQuote = (text: string, open: number): number => {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
};

/** What stands between the quotes of a text that is one quotation and nothing else. */
const inside = (text: string): Parsed<string> => {
  const quote = text[0];
  if (quote !== '"' && quote !== "'")
    return refused(t`"${text}" must stand in double quotes`, 0, text.length);
  const end = closingQuote(text, 0);
  if (end < 0) return refused(t('the quote opened here is not closed'), 0, 1);
  if (end < text.length - 1)
    return refused(t('something follows the closing quote: put a blank between'), end + 1);
  return parsed(text.slice(1, end));
};

/** What `read` makes of the text between the quotes; its columns become those of the whole. */
export const parseQuoted = <T>(text: string, read: (content: string) => Parsed<T>): Parsed<T> => {
  const content = inside(text);
  return content.ok ? shifted(read(content.value), 1) : content;
};

/** `"text\r\n\xff"` as bytes. */
export const parseQuotedBytes = (text: string): Parsed<Uint8Array> => parseQuoted(text, parseEscapes);

/** `"text"` as a string. */
export const parseQuotedText = (text: string): Parsed<string> => parseQuoted(text, parseTextEscapes);
