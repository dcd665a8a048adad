import { type Parsed, parsed, type Refused, refused } from '../language/parsed.ts';
import { t } from '../words/translate.ts';

/** Where the pieces of a text with escapes go. `byte` is for `\xHH`, `point` for the other escapes. */
export type EscapeSink = {
  readonly plain: (run: string) => void;
  readonly byte: (value: number) => void;
  readonly point: (codePoint: number) => void;
  /** Whether lone surrogates may pass: they are no characters, and UTF-8 has no bytes for them. */
  readonly surrogates: boolean;
};

const simple: Readonly<Record<string, number>> = {
  r: 13,
  n: 10,
  t: 9,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  '\\': 92,
  '"': 34,
  "'": 39,
};

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

type Escape = { readonly length: number; readonly byte?: number; readonly point?: number };

const readUnicode = (text: string, at: number, sink: EscapeSink): Escape | Refused => {
  const match = /\\u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))/y;
  match.lastIndex = at;
  const found = match.exec(text);
  if (!found)
    return refused(t('\\u needs a code point: write \\u{1f600}, or four hex digits as in \\u00e9'), at, 2);
  const point = Number.parseInt(found[1] ?? found[2]!, 16);
  if (point > 0x10ffff)
    return refused(t`${found[0]} is beyond the last code point, \\u{10ffff}`, at, found[0].length);
  if (!sink.surrogates && point >= 0xd800 && point <= 0xdfff) {
    const way = t('write its bytes as \\xHH, or the character itself as \\u{...}');
    return refused(
      t`${found[0]} is half of a surrogate pair, which UTF-8 cannot hold: ${way}`,
      at,
      found[0].length,
    );
  }
  return { length: found[0].length, point };
};

const readEscape = (text: string, at: number, sink: EscapeSink): Escape | Refused => {
  const letter = text[at + 1];
  if (letter === undefined) return refused(t('a lone \\ ends the text: write \\\\ for a backslash'), at, 1);
  if (letter === 'u') return readUnicode(text, at, sink);
  if (letter === 'x') {
    const digits = text.slice(at + 2, at + 4);
    if (/^[0-9a-fA-F]{2}$/.test(digits)) return { length: 4, byte: Number.parseInt(digits, 16) };
    return refused(t('\\x needs two hex digits, as in \\xff'), at, 2);
  }
  if (letter === '0') {
    if (!/[0-9]/.test(text[at + 2] ?? '')) return { length: 2, point: 0 };
    return refused(t('\\0 before a digit would be octal elsewhere: write \\x00'), at, 3);
  }
  const point = simple[letter];
  if (point !== undefined) return { length: 2, point };
  const shown = String.fromCodePoint(text.codePointAt(at + 1)!);
  return refused(
    t`\\${shown} is no escape: use \\r \\n \\t \\0 \\\\ \\" \\xff or \\u{1f600}`,
    at,
    1 + shown.length,
  );
};

/** Reads a text with escapes piece by piece into `sink`; refuses the first malformed escape at its column. */
export const readEscapes = (text: string, sink: EscapeSink): Parsed<null> => {
  const lone = sink.surrogates ? null : loneSurrogate.exec(text);
  if (lone)
    return refused(
      t('half of a surrogate pair stands here, which UTF-8 cannot hold: delete it'),
      lone.index,
      1,
    );
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('\\', at);
    if (next !== at) sink.plain(text.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    const found = readEscape(text, next, sink);
    if ('ok' in found) return found;
    if (found.byte !== undefined) sink.byte(found.byte);
    if (found.point !== undefined) sink.point(found.point);
    at = next + found.length;
  }
  return parsed(null);
};
