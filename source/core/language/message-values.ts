import { type ChecksumName, checksums } from '../bytes/checksums.ts';
import { t } from '../words/translate.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import { didYouMean } from './suggest.ts';

/** How a number is written: raw with its highest or its lowest byte first, or in digits. */
export type Notation = 'be' | 'le' | 'hex' | 'HEX' | 'dec';

/** `width`: bytes of a raw number, else the digits it has at least. */
export type Format = { readonly notation: Notation; readonly width: number };

export type ValueName = keyof typeof ownValues | ChecksumName;

/** What is only known when a message is sent. */
export const valuesInTime: readonly ValueName[] = ['n', 'time', 'unix', 'unixms'];

/** A value in a message. `from` and `to` are marks, '' where its own range has no other end there. */
export type MessageValue = {
  readonly name: ValueName;
  readonly format: Format;
  readonly from: string;
  readonly to: string;
};

/** A message as it was written: bytes, values that take the place of bytes, and marks that have none. */
export type Piece =
  | { readonly kind: 'bytes'; readonly data: Uint8Array }
  | { readonly kind: 'value'; readonly value: MessageValue; readonly column: number }
  | { readonly kind: 'mark'; readonly name: string; readonly column: number };

type Row = { readonly does: string; readonly raw: number; readonly covers: boolean };

const ownValues = {
  n: {
    does: 'a counter: 1 in the first message of its socket, 2 in the next',
    raw: 4,
    covers: false,
  },
  time: { does: 'the time in UTC: 2024-02-29T12:34:56.789Z', raw: 0, covers: false },
  unix: { does: 'the time in seconds since 1970', raw: 4, covers: false },
  unixms: { does: 'the time in milliseconds since 1970', raw: 8, covers: false },
  len: { does: 'how many bytes follow it, the ending of the line among them', raw: 2, covers: true },
} satisfies Record<string, Row>;

/** THE table of values, in the order of help: what each is, and how many bytes it has where it is raw. */
export const messageValues: Readonly<Record<ValueName, Row>> = {
  ...ownValues,
  ...(Object.fromEntries(
    Object.entries(checksums).map(([name, { does, bytes }]) => [name, { does, raw: bytes, covers: true }]),
  ) as Record<ChecksumName, Row>),
};

export const valueNames = Object.keys(messageValues) as ValueName[];

export const isChecksum = (name: ValueName): name is ChecksumName => Object.hasOwn(checksums, name);

/** Digits of the largest number that so many bytes hold. */
const decimalDigits = (bytes: number): number => String(256n ** BigInt(bytes) - 1n).length;

/** What a value is written as where nothing is said: numbers in digits, checksums raw. */
const plainFormat = (name: ValueName): Format => {
  if (!isChecksum(name)) return { notation: 'dec', width: 0 };
  const { bytes, first, ...row } = checksums[name];
  return 'text' in row ? { notation: 'HEX', width: 2 * bytes } : { notation: first, width: bytes };
};

/** The same as it is written: `2le`, `dec`. */
export const formatPlain = (name: ValueName): string => {
  const { notation, width } = plainFormat(name);
  return `${width || ''}${notation}`;
};

/** Digits that a value has where only their kind is said: of a checksum as many as it can need. */
const plainWidth = (name: ValueName, notation: Notation): number => {
  const { raw } = messageValues[name];
  if (notation === 'be' || notation === 'le') return raw;
  if (!isChecksum(name)) return 0;
  return notation === 'dec' ? decimalDigits(raw) : 2 * raw;
};

const formatPattern = /^(\d{0,2})(be|le|hex|HEX|dec)$/;

const formatExample = (): string => t('2be and 2le are raw bytes, 4hex, 4HEX and 3dec are digits');

const tooNarrow = (name: ValueName, { notation, width }: Format): boolean => {
  if (!isChecksum(name) || (name === 'sum' && notation !== 'dec')) return false;
  return width < plainWidth(name, notation);
};

const readFormat = (name: ValueName, text: string, column: number): Parsed<Format> => {
  const refuse = (why: string) => refused(t`${text} is no format of ${name}: ${why}`, column, text.length);
  const [, digits, kind] = formatPattern.exec(text) ?? [];
  if (digits === undefined || kind === undefined) return refuse(formatExample());
  if (name === 'time') return refuse(t('it is text; unix and unixms are numbers'));
  const notation = kind as Notation;
  const raw = notation === 'be' || notation === 'le';
  const width = digits === '' ? plainWidth(name, notation) : Number(digits);
  if (digits !== '' && (width < 1 || width > (raw ? 8 : 20)))
    return refuse(raw ? t('it has 1 to 8 bytes') : t('it has 1 to 20 digits'));
  if (tooNarrow(name, { notation, width })) return refuse(t`it needs ${plainWidth(name, notation)}`);
  return parsed({ notation, width });
};

const markName = /^[a-z][a-z0-9]*$/;

export const isMarkName = (text: string): boolean => markName.test(text);

const readRange = (
  name: ValueName,
  text: string,
  column: number,
): Parsed<Pick<MessageValue, 'from' | 'to'>> => {
  const [from = '', to = '', ...more] = text.split('..');
  const bad = [from, to].some(mark => mark !== '' && !isMarkName(mark)) || more.length > 0 || text === '..';
  if (bad)
    return refused(
      t`${text} is no range: write a..b, a.. or ..b with marks of the message, set by \\{@a}`,
      column,
      text.length,
    );
  if (!messageValues[name].covers)
    return refused(t`${name} has no range: it is not made of other bytes`, column, text.length);
  return parsed({ from, to });
};

/** `crc16`, `len:2be`, `sum:3dec:a..b`: what stands between the braces, which begin at `column`. */
export const readValue = (text: string, column: number): Parsed<MessageValue> => {
  const [name = '', ...options] = text.split(':');
  if (!Object.hasOwn(messageValues, name)) {
    const otherwise = t(
      ': write for instance \\{n}, \\{time}, \\{len}, \\{sum} or \\{crc16}; a brace itself is written {',
    );
    const what = name === '' ? t('a value has a name') : t`${name} is no value of a message`;
    return refused(`${what}${didYouMean(name, valueNames, otherwise)}`, column, Math.max(1, name.length));
  }
  const known = name as ValueName;
  let value: MessageValue = { name: known, format: plainFormat(known), from: '', to: '' };
  let at = column + name.length + 1;
  for (const option of options) {
    if (option.includes('..')) {
      const range = readRange(known, option, at);
      if (!range.ok) return range;
      value = { ...value, ...range.value };
    } else {
      const format = readFormat(known, option, at);
      if (!format.ok) return format;
      value = { ...value, format: format.value };
    }
    at += option.length + 1;
  }
  return parsed(value);
};

/** Read back by readValue. */
export const formatValue = ({ name, format, from, to }: MessageValue): string => {
  const plain = plainFormat(name);
  const isPlain = format.notation === plain.notation && format.width === plain.width;
  const width = format.width === plainWidth(name, format.notation) ? '' : format.width;
  const range = from === '' && to === '' ? '' : `:${from}..${to}`;
  return `${name}${isPlain ? '' : `:${width}${format.notation}`}${range}`;
};
