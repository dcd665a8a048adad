import { rulePatternProblem } from '../../bench/behaviours/rule-pattern.ts';
import type { World } from '../../bench/view/store.ts';
import type { Ending } from '../../bench/view/view.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { beginsBytes, parseBytes } from '../../core/bytes/bytes-text.ts';
import { formatHex } from '../../core/bytes/hex.ts';
import { escapeBytes, parseEscapes, quoteText } from '../../core/bytes/payload.ts';
import { formatPieces } from '../../core/language/message-text.ts';
import { type Parsed, parsed, refused } from '../../core/language/parsed.ts';
import { parseRuleText } from '../../core/language/rule-text.ts';
import { tokenize } from '../../core/language/tokens.ts';
import {
  endpointTrouble,
  type SavedMessage,
  type SavedRow,
  type SavedValue,
} from '../../core/model/saved-names.ts';
import { marked, t } from '../../core/words/translate.ts';
import { socketInFocus } from '../calling/targets.ts';

const example = marked(
  '127.0.0.1:9000, unix:/path; a message: "hello\\r\\n", hex"01 ff", file"path"; a rule: accept echo',
);

/** Where the address or the message of what was done last stands as it is written; '' where nothing was. */
export const lastDone = (world: World): string => {
  if (world.view.lastDone !== '') return world.view.lastDone;
  const socket = socketInFocus(world);
  const address = socket?.peer ?? socket?.local;
  return address ? formatEndpoint(address) : '';
};

const messageIn = (text: string): Parsed<SavedMessage> => {
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  const read = parseBytes(tokens.value);
  if (!read.ok) return read;
  const { value: bytes, used } = read.value;
  if (used < tokens.value.length)
    return refused(t('a message ends with its quotes: this is too much'), tokens.value[used]!.column);
  switch (bytes.kind) {
    case 'literal':
      return bytes.notation === 'hex'
        ? parsed({ mode: 'hex', text: formatHex(bytes.data) })
        : parsed({ mode: 'text', text: escapeBytes(bytes.data).text });
    case 'composed':
      return parsed({ mode: bytes.notation, text: formatPieces(bytes.pieces, bytes.notation) });
    case 'file':
      return parsed({ mode: 'file', text: bytes.path });
    case 'repeat':
    case 'dropped':
      return refused(t('a repeat is not kept: write the text itself, or put it into a file'), 0, text.length);
  }
};

/** Words that begin a rule, and no address. */
const beginsRule = /^(accept|recv|echo|discard|send|half-close|close|reset)(\s|$)/;

/** An address, a message in quotes as a line has it, or a rule. */
export const readSavedValue = (text: string): Parsed<SavedValue> => {
  const written = text.trim();
  if (written === '') return refused(t`what is kept? Write for instance ${t(example)}`);
  if (beginsRule.test(written)) {
    const rule = parseRuleText(written, rulePatternProblem);
    return rule.ok ? parsed({ kind: 'rule', rule: written }) : rule;
  }
  const tokens = tokenize(written);
  if (/^(?:b|hex|file)?["']/.test(written) || (tokens.ok && beginsBytes(tokens.value))) {
    const message = messageIn(written);
    return message.ok ? parsed({ kind: 'message', message: message.value }) : message;
  }
  const trouble = endpointTrouble(written);
  if (trouble !== null) return refused(trouble, 0, written.length);
  return parsed({ kind: 'endpoint', address: written });
};

export const savedValueHint = example;

/** As it is written where it is kept from. */
export const savedValueText = (row: SavedValue): string => {
  if (row.kind === 'endpoint') return row.address;
  if (row.kind === 'rule') return row.rule;
  const { mode, text } = row.message;
  switch (mode) {
    case 'text':
      return `"${text.replace(/\\.|"/gs, piece => (piece === '"' ? '\\"' : piece))}"`;
    case 'hex':
      return `hex"${text}"`;
    case 'file':
      return `file${quoteText(text)}`;
  }
};

export const rowWords = (row: SavedRow): string => `${row.name}: ${savedValueText(row)}`;

const endings: readonly (readonly [string, Ending])[] = [
  ['\\r\\n', 'crlf'],
  ['\\n', 'lf'],
];

/** A message as the send line has it: what is typed, and with text the ending that makes it these bytes. */
export const sendLineOf = ({
  mode,
  text,
}: SavedMessage): { readonly text: string; readonly ending: Ending | null } => {
  if (mode !== 'text') return { text, ending: null };
  const bytes = parseEscapes(text);
  const escaped = bytes.ok ? escapeBytes(bytes.value).text : text;
  const [end, ending] = endings.find(([each]) => escaped.endsWith(each)) ?? ['', 'none' as const];
  return { text: escaped.slice(0, escaped.length - end.length), ending };
};
