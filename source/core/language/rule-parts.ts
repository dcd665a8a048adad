import { joined } from '../bytes/bytes.ts';
import { isQuoted } from '../bytes/bytes-text.ts';
import { formatHex } from '../bytes/hex.ts';
import { escapeBytes, parseEscapes, quoteBytes } from '../bytes/payload.ts';
import { parseQuotedBytes } from '../bytes/quoted.ts';
import type { AnswerPart } from '../model/rule.ts';
import { t } from '../words/translate.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';
import type { Token } from './tokens.ts';

/** What may stand behind a dollar sign in a sent text: a second one, `&` or a group's digit. */
const reference = /\$([$&0-9])/g;

/** Bytes as a rule has them: as text where that can be read, else as hex. */
export const writeBytes = (data: Uint8Array): string => {
  const text = quoteBytes(data);
  return /\\[^rnt\\"]/.test(text) ? `hex"${formatHex(data)}"` : text;
};

/** The parts with another behind them; bytes that follow bytes are one part. */
const withPart = (parts: readonly AnswerPart[], part: AnswerPart): readonly AnswerPart[] => {
  const last = parts.at(-1);
  if (part.kind === 'group') return [...parts, part];
  if (part.data.length === 0) return parts;
  if (last?.kind !== 'bytes') return [...parts, part];
  return [...parts.slice(0, -1), { kind: 'bytes', data: joined([last.data, part.data]) }];
};

const bytesOf = (text: string): AnswerPart => {
  const data = parseEscapes(text);
  return { kind: 'bytes', data: data.ok ? data.value : new Uint8Array(0) };
};

/** Why a rule has no such group; null where it has. `groups` are those of its expression; null: it finds nothing. */
const noGroup = (group: number, groups: number | null): string | null => {
  const dollar = t('a dollar sign itself is written $$');
  if (groups === null)
    return t`$${group} stands for what was received, and an accept has received nothing: ${dollar}`;
  if (group <= groups) return null;
  if (groups === 0)
    return t`$${group} is a group in parentheses of the rule's expression, which has none: ${dollar}`;
  const last = groups === 1 ? t('only $1') : t`only $1 to $${groups}`;
  return t`there is no group ${group} in the rule's expression, ${last}: ${dollar}`;
};

/** A text in quotes with `$1` ... `$9`, `$0` or `$&` and `$$` in it. */
export const parseParts = (token: Token, groups: number | null): Parsed<readonly AnswerPart[]> => {
  const prefix = isQuoted(token) ? 0 : 1;
  const quoted = token.text.slice(prefix);
  const whole = shifted(parseQuotedBytes(quoted), token.column + prefix);
  if (!whole.ok) return whole;
  const text = quoted.slice(1, -1);
  let parts: readonly AnswerPart[] = [];
  let at = 0;
  for (const { index, 0: found, 1: what } of text.matchAll(reference)) {
    parts = withPart(parts, bytesOf(text.slice(at, index)));
    at = index + found.length;
    if (what === '$') parts = withPart(parts, bytesOf('$'));
    else {
      const group = what === '&' ? 0 : Number(what);
      const problem = noGroup(group, groups);
      if (problem !== null) return refused(problem, token.column + prefix + 1 + index, found.length);
      parts = withPart(parts, { kind: 'group', group });
    }
  }
  return parsed(withPart(parts, bytesOf(text.slice(at))));
};

/** The text that parseParts reads back, in its quotes; bytes that cannot be read are hex where no group is among them. */
export const formatParts = (parts: readonly AnswerPart[]): string => {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'bytes') {
    const plain = writeBytes(first.data);
    return plain.startsWith('hex') ? plain : plain.replaceAll('$', '$$$$');
  }
  const texts = parts.map(part => {
    if (part.kind === 'group') return `$${part.group}`;
    return escapeBytes(part.data).text.replaceAll('"', '\\"').replaceAll('$', '$$$$');
  });
  return `"${texts.join('')}"`;
};
