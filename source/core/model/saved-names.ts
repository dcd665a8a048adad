import { parseAddress } from '../addresses/address.ts';
import { latePattern } from '../bytes/late.ts';
import { readMessageHex, readMessageText } from '../language/message-text.ts';
import { parseRuleText } from '../language/rule-text.ts';
import { marked, t } from '../words/translate.ts';
import { messageBytes } from './message.ts';

/** A message under its name: `text` with escapes, which are read; hex digits; or the path of a file. */
export type SavedMessage = { readonly mode: 'text' | 'hex' | 'file'; readonly text: string };

/** What a person keeps under names of their own: addresses and rules as they are written, and messages. */
export type SavedNames = {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, SavedMessage>>;
  readonly rules: Readonly<Record<string, string>>;
};

export const nothingSaved: SavedNames = { endpoints: {}, messages: {}, rules: {} };

/** One of any kind. */
export type SavedValue =
  | { readonly kind: 'endpoint'; readonly address: string }
  | { readonly kind: 'message'; readonly message: SavedMessage }
  | { readonly kind: 'rule'; readonly rule: string };

/** What each kind is called. */
export const keptWords: Readonly<Record<SavedValue['kind'], string>> = {
  endpoint: marked('address'),
  message: marked('message'),
  rule: marked('rule'),
};

/** Kinds that stand in a field of a form. */
export type KeptInField = Exclude<SavedValue['kind'], 'message'>;

/** Short enough for a row, with nothing that an address or a line has a meaning for. */
const savedName = latePattern(String.raw`^[\p{L}_][\p{L}\p{N}_.-]{0,31}$`);

/** Why something cannot be kept under this name; null where it can. */
export const nameTrouble = (name: string): string | null =>
  savedName().test(name)
    ? null
    : t`"${name}" is no name for it: a letter first, then letters, digits, _ - and ., at most 32`;

/** Why this is no address that a form takes; null where it is one. */
export const endpointTrouble = (address: string): string | null => {
  const read = parseAddress(address, { tls: true });
  return read.ok ? null : read.message;
};

/** Why this is no message that can be sent; null where it is one. A file is looked for when it is sent. */
export const messageTrouble = ({ mode, text }: SavedMessage): string | null => {
  if (mode === 'file') return text.trim() === '' ? t('the path of a file is meant here') : null;
  const pieces = mode === 'hex' ? readMessageHex(text) : readMessageText(text);
  const read = pieces.ok ? messageBytes(pieces.value, mode) : pieces;
  return read.ok ? null : read.message;
};

/** Why this is no rule; null where it is one. */
export const ruleTrouble = (rule: string): string | null => {
  const read = parseRuleText(rule);
  return read.ok ? null : read.message;
};

/** The address of this name, own names only; else what was written. */
export const addressNamed = ({ endpoints }: SavedNames, text: string): string => {
  const name = text.trim();
  return Object.hasOwn(endpoints, name) ? endpoints[name]! : text;
};

/** The rule of this name, own names only; else what was written. */
export const ruleNamed = ({ rules }: SavedNames, text: string): string => {
  const name = text.trim();
  return Object.hasOwn(rules, name) ? rules[name]! : text;
};

/** A name, and what is kept under it. */
export type SavedRow = { readonly name: string } & SavedValue;

/** Addresses first, then messages, then rules; each kind by name. */
export const savedRows = ({ endpoints, messages, rules }: SavedNames): readonly SavedRow[] => {
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => a.localeCompare(b);
  return [
    ...Object.entries(endpoints)
      .sort(byName)
      .map(([name, address]): SavedRow => ({ name, kind: 'endpoint', address })),
    ...Object.entries(messages)
      .sort(byName)
      .map(([name, message]): SavedRow => ({ name, kind: 'message', message })),
    ...Object.entries(rules)
      .sort(byName)
      .map(([name, rule]): SavedRow => ({ name, kind: 'rule', rule })),
  ];
};
