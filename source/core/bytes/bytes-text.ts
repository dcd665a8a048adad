import { formatPieces, readMessageText, readQuotedHex } from '../language/message-text.ts';
import { type Parsed, parsed, refused, shifted } from '../language/parsed.ts';
import { refusedAt, type Taken, type Token } from '../language/tokens.ts';
import { formatSize, parseSize } from '../language/units.ts';
import { messageBytes } from '../model/message.ts';
import { t } from '../words/translate.ts';
import { isBase64 } from './base64.ts';
import type { Bytes } from './bytes.ts';
import { formatHex } from './hex.ts';
import { quoteBytes, quoteText } from './payload.ts';
import { parseQuoted, parseQuotedText } from './quoted.ts';

/** What a `SIZE of "x"` may come to. */
const largestRepeat = 1024 ** 3;

/** Stands for bytes that the journal no longer holds: `5B of dropped`. */
const droppedWord = 'dropped';

/** `"hi"`, `hex"68 69"`, `base64"aGk="`, `file"path"`, and Python's b"hi". */
const opening = /^(hex|file|base64|b|)(["'])/;

export const isQuoted = (token: Token): boolean => /^["']/.test(token.text);

/** Whether a token begins bytes: a quotation, or a size with `of` behind it. */
export const beginsBytes = (tokens: readonly Token[]): boolean =>
  tokens[0] !== undefined && (opening.test(tokens[0].text) || tokens[1]?.text === 'of');

/** The bytes between the quotes, and the values among them. */
const messageIn = (text: string, notation: 'text' | 'hex'): Parsed<Bytes> =>
  parseQuoted(text, content => {
    const pieces = notation === 'hex' ? readQuotedHex(content) : readMessageText(content);
    return pieces.ok ? messageBytes(pieces.value, notation) : pieces;
  });

const base64Bytes = (text: string): Parsed<Bytes> =>
  parseQuoted(text, content =>
    isBase64(content)
      ? parsed({ kind: 'literal', data: new Uint8Array(Buffer.from(content, 'base64')), notation: 'text' })
      : refused(
          t('this is no base64: letters, digits, + and /, four at a time, filled up with ='),
          0,
          content.length,
        ),
  );

const fileBytes = (text: string): Parsed<Bytes> => {
  const path = parseQuotedText(text);
  if (!path.ok) return path;
  if (path.value === '') return refused(t('the path is missing: write file"path"'), 0, text.length);
  return parsed({ kind: 'file', path: path.value, data: null });
};

const quotation = (token: Token): Parsed<Bytes> => {
  const prefix = opening.exec(token.text)?.[1];
  if (prefix === undefined) {
    const way = t`write "${token.text}" for text, hex"01 03", file"path", or 64KiB of "x"`;
    return refusedAt(token, t`bytes are missing their quotes: ${way}`);
  }
  const text = token.text.slice(prefix.length);
  const by = token.column + prefix.length;
  if (prefix === 'file') return shifted(fileBytes(text), by);
  if (prefix === 'base64') return shifted(base64Bytes(text), by);
  return shifted(messageIn(text, prefix === 'hex' ? 'hex' : 'text'), by);
};

const repeat = (tokens: readonly Token[]): Parsed<Bytes> => {
  const [first, of, what] = tokens;
  const size = shifted(parseSize(first!.text), first!.column);
  if (!size.ok) return size;
  if (size.value > largestRepeat)
    return refusedAt(first!, t`${first!.text} is too much: at most 1GiB at a time`);
  if (what?.text === droppedWord) return parsed({ kind: 'dropped', size: size.value });
  if (!what) return refusedAt(of!, t('what is repeated? Write for instance 64KiB of "x"'));
  const unit = quotation(what);
  if (!unit.ok) return unit;
  if (unit.value.kind === 'composed')
    return refusedAt(what, t('what is repeated holds still: a counter or a time is not repeated'));
  if (unit.value.kind !== 'literal') return refusedAt(what, t('a file is sent whole: repeat text or hex'));
  if (unit.value.data.length === 0)
    return refusedAt(what, t('nothing cannot be repeated: put a byte between the quotes'));
  return parsed({ kind: 'repeat', size: size.value, unit: unit.value.data });
};

/** `"text\r\n\xff"`, `"n \{n}"`, `hex"01 03 \{crc16}"`, `base64"AQM="`, `file"path"` (its contents are not read), `64MiB of "x"`. */
export const parseBytes = (tokens: readonly Token[]): Parsed<Taken<Bytes>> => {
  const repeated = tokens[1]?.text === 'of';
  const result = repeated ? repeat(tokens) : quotation(tokens[0]!);
  return result.ok ? parsed({ value: result.value, used: repeated ? 3 : 1 }) : result;
};

/** The same of bytes that are compared: nothing in them is known only when they are sent. */
export const parseKnownBytes = (tokens: readonly Token[]): Parsed<Taken<Bytes>> => {
  const bytes = parseBytes(tokens);
  if (!bytes.ok || bytes.value.value.kind !== 'composed') return bytes;
  return refusedAt(
    tokens[0]!,
    t('a counter and a time are known once they are sent: they belong into a send'),
  );
};

/**
 * Bytes as they were written, to be read back; with `limit`, to be shown: text and hex are cut after that many characters
 * and `...` follows, and bytes that nobody has are told by how many they are.
 */
export const formatBytes = (bytes: Bytes, limit?: number): string => {
  switch (bytes.kind) {
    case 'literal': {
      if (bytes.notation === 'text') return quoteBytes(bytes.data, limit);
      const shown = limit === undefined ? bytes.data.length : Math.ceil(limit / 3);
      return `hex"${formatHex(bytes.data, shown)}"${shown < bytes.data.length ? '...' : ''}`;
    }
    case 'repeat':
      return `${formatSize(bytes.size)} of ${quoteBytes(bytes.unit, limit)}`;
    case 'file':
      return `file${quoteText(bytes.path)}`;
    case 'composed': {
      const { pieces, notation } = bytes;
      return `${notation === 'hex' ? 'hex' : ''}"${formatPieces(pieces, notation)}"`;
    }
    case 'dropped':
      return limit === undefined ? `${formatSize(bytes.size)} of ${droppedWord}` : formatSize(bytes.size);
  }
};
