import { parseAddress } from './address.ts';
import { messageBytes } from './message.ts';
import { readMessageHex, readMessageText } from './message-text.ts';

/** A message under its name: `text` with escapes, which are read; hex digits; or the path of a file. */
export type SavedMessage = { readonly mode: 'text' | 'hex' | 'file'; readonly text: string };

/** What a person keeps under names of their own: addresses as they are written, and messages. */
export type SavedNames = {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, SavedMessage>>;
};

export const nothingSaved: SavedNames = { endpoints: {}, messages: {} };

/** One of either kind. */
export type SavedValue =
  | { readonly kind: 'endpoint'; readonly address: string }
  | { readonly kind: 'message'; readonly message: SavedMessage };

/** Short enough for a row, with nothing that an address or a line has a meaning for. */
const savedName = /^[\p{L}_][\p{L}\p{N}_.-]{0,31}$/u;

/** Why something cannot be kept under this name; null where it can. */
export const nameTrouble = (name: string): string | null =>
  savedName.test(name)
    ? null
    : `"${name}" is no name for it: a letter first, then letters, digits, _ - and ., at most 32`;

/** Why this is no address that a form takes; null where it is one. */
export const endpointTrouble = (address: string): string | null => {
  const read = parseAddress(address, { tls: true });
  return read.ok ? null : read.message;
};

/** Why this is no message that can be sent; null where it is one. A file is looked for when it is sent. */
export const messageTrouble = ({ mode, text }: SavedMessage): string | null => {
  if (mode === 'file') return text.trim() === '' ? 'the path of a file is meant here' : null;
  const pieces = mode === 'hex' ? readMessageHex(text) : readMessageText(text);
  const read = pieces.ok ? messageBytes(pieces.value, mode) : pieces;
  return read.ok ? null : read.message;
};

/** The address of this name, own names only; else what was written. */
export const addressNamed = ({ endpoints }: SavedNames, text: string): string => {
  const name = text.trim();
  return Object.hasOwn(endpoints, name) ? endpoints[name]! : text;
};

/** A name, and what is kept under it. */
export type SavedRow = { readonly name: string } & SavedValue;

/** Addresses first, each kind by name. */
export const savedRows = ({ endpoints, messages }: SavedNames): readonly SavedRow[] => {
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => a.localeCompare(b);
  return [
    ...Object.entries(endpoints)
      .sort(byName)
      .map(([name, address]): SavedRow => ({ name, kind: 'endpoint', address })),
    ...Object.entries(messages)
      .sort(byName)
      .map(([name, message]): SavedRow => ({ name, kind: 'message', message })),
  ];
};
