import { t } from '../words/translate.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';

const binary: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

const named = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined => {
  const key = Object.keys(table).find(unit => unit.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : table[key];
};

/** More characters than this are no number that anybody means. */
const longestNumber = 100;

/** `64KiB`, `1.5KiB`, `300` or `300B`, as whole bytes. */
export const parseSize = (text: string): Parsed<number> => {
  const match = text.length > longestNumber ? null : /^(\d+)(\.\d+)?([A-Za-z]*)$/.exec(text);
  if (!match)
    return refused(t`"${text}" is no size: write bytes, or a number with KiB, MiB or GiB`, 0, text.length);
  const [, whole = '', fraction = '', name = ''] = match;
  const unit = name === '' ? 1 : named(binary, name);
  if (unit === undefined) {
    const way = t('sizes are counted in B, KiB (1024 bytes), MiB and GiB');
    return refused(t`"${name}" is no unit of size: ${way}`, whole.length + fraction.length, name.length);
  }
  const size = Number(whole + fraction) * unit;
  if (size > Number.MAX_SAFE_INTEGER)
    return refused(t`"${text}" is more than any buffer holds`, 0, text.length);
  if (!Number.isInteger(size)) return refused(t`"${text}" is no whole number of bytes`, 0, text.length);
  return parsed(size);
};

/** A whole number in digits, however large: String() has exponents from 1e21 on, and zeros for digits before that. */
export const digits = (whole: number): string =>
  Number.isInteger(whole) && !Number.isSafeInteger(whole) ? String(BigInt(whole)) : String(whole);

/** `-1`, `4294967296`; undefined where the text is no whole number, or not one that a double holds exactly. */
export const parseWhole = (text: string): number | undefined => {
  if (text.length > longestNumber || !/^-?\d+$/.test(text)) return undefined;
  const number = Number(text) || 0;
  return Number.isFinite(number) && BigInt(number) === BigInt(text) ? number : undefined;
};

/** Bytes exactly, in the largest unit that divides them: 65536 is `64KiB`, 1500 is `1500`. */
export const formatSize = (bytes: number): string => {
  if (bytes === 0) return '0';
  if (bytes < 0 || !Number.isSafeInteger(bytes)) return digits(bytes);
  const unit = ['TiB', 'GiB', 'MiB', 'KiB'].find(name => bytes % binary[name]! === 0);
  return unit === undefined ? String(bytes) : `${bytes / binary[unit]!}${unit}`;
};

/** `812 bytes`, `1 byte`. */
export const countedBytes = (bytes: number): string => (bytes === 1 ? t('1 byte') : t`${bytes} bytes`);

/** Bytes for the eye, rounded: `4.0 MiB`, `812 bytes`, `1 byte`. */
export const humanSize = (bytes: number): string => {
  if (bytes < 1024) return countedBytes(bytes);
  const unit = ['TiB', 'GiB', 'MiB', 'KiB'].find(name => bytes >= binary[name]!) ?? 'KiB';
  return `${(bytes / binary[unit]!).toFixed(1)} ${unit}`;
};

const milliseconds: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  sec: 1000,
  min: 60_000,
  h: 3_600_000,
};

/** More than anybody waits: 24 days. */
const longestDuration = 2 ** 31 - 1;

const numberOnly = /^(?:\d+(?:\.\d*)?|\.\d+)/;

/**
 * `500ms`, `2s`, `1.5min`, a bare number of seconds as in Python, or `none`; as milliseconds, to the microsecond,
 * null for none. `longest` in ms.
 */
export const parseTimeout = (text: string, longest = longestDuration): Parsed<number | null> => {
  if (text.toLowerCase() === 'none') return parsed(null);
  const number = text.length > longestNumber ? undefined : numberOnly.exec(text)?.[0];
  if (number === undefined) {
    const hint = text.startsWith('-') ? t(': a time is never negative') : '';
    return refused(t`"${text}" is no time${hint}: write 500ms, 2s, 0 or none`, 0, text.length);
  }
  const name = text.slice(number.length);
  const unit = name === '' ? 1000 : named(milliseconds, name);
  if (unit === undefined) {
    return refused(t`"${name}" is no unit of time: write us, ms, s, min or h`, number.length, name.length);
  }
  const ms = Math.round(Number(number) * unit * 1000) / 1000;
  if (ms > longest) {
    return refused(
      longest > longestDuration
        ? t`"${text}" is longer than any clock counts: write none for no deadline`
        : t`"${text}" is longer than a timer runs (24 days): write none for no deadline`,
      0,
      text.length,
    );
  }
  return parsed(ms);
};

/** Longest time that is handed to a call, which then says what it thinks of it: some 30 million years. */
const longestArgument = 1e18;

/** As parseTimeout for a call: what Python refuses (a time below 0, centuries) is read too. */
export const parseAnyTimeout = (text: string): Parsed<number | null> => {
  if (!/^-[\d.]/.test(text)) return parseTimeout(text, longestArgument);
  const result = parseTimeout(text.slice(1), longestArgument);
  return result.ok ? parsed(result.value === null ? null : -result.value || 0) : shifted(result, 1);
};

/** As parseTimeout, where none makes no sense. */
export const parseDuration = (text: string): Parsed<number> => {
  const result = parseTimeout(text);
  if (!result.ok) return result;
  return result.value === null
    ? refused(t('none is no length of time: write 500ms or 2s'), 0, text.length)
    : parsed(result.value);
};

/** Milliseconds exactly, so that parseTimeout reads them back: `none`, `0`, `2s`, `500ms`. */
export const formatDuration = (ms: number | null): string => {
  if (ms === null) return 'none';
  if (ms === 0) return '0';
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms % 1000 === 0) return `${ms / 1000}s`;
  return ms >= 1000 && ms % 100 === 0 ? `${ms / 1000}s` : `${Number(ms.toFixed(3))}ms`;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Milliseconds for the eye: `3.2s`, `12s`, `1m 04s`, `2h 05m`. Cut, not rounded: a clock never runs ahead. */
export const humanDuration = (ms: number): string => {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  if (tenths < 100) return `${Math.floor(tenths / 10)}.${tenths % 10}s`;
  const seconds = Math.floor(tenths / 10);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
};

/** `1 call`, `2 calls` */
export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
