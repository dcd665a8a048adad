import { quoteText } from '../../core/bytes/payload.ts';
import { marked, t } from '../../core/words/translate.ts';

/**
 * Reads a value of JSON as what it stands for, whole: what comes out has the fields that its reader names and no others.
 * Throws a Misfit.
 */
export type Read<T> = (value: unknown) => T;

/** A value that is not what stands in its place. `path` are the fields and places that lead to it, outermost first. */
export class Misfit extends Error {
  path: (string | number)[] = [];
}

export const misfit = (message: string): Misfit => new Misfit(message);

/** The field and what is wrong with it: `outcome.code: "EWHAT" is no error that this version knows`. */
export const misfitSentence = ({ path, message }: Misfit): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;

/** Characters of a wrong value that a sentence shows. */
const shownLength = 40;

const clipped = (text: string): string =>
  text.length > shownLength ? `${quoteText(text.slice(0, shownLength))}...` : quoteText(text);

/** A value in a sentence, never longer than a line: it may be anything at all. */
export const shownValue = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return clipped(value);
  if (Array.isArray(value)) return t('a list');
  return typeof value === 'object' && value !== null ? t('an object') : String(value);
};

const wrong = (value: unknown, expected: string): Misfit =>
  misfit(value === undefined ? t('missing') : t`${shownValue(value)} is not ${t(expected)}`);

/** Reads with the place of a Misfit put before its path. */
const within = <T>(place: string | number, read: Read<T>, value: unknown): T => {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Misfit) error.path.unshift(place);
    throw error;
  }
};

export const text: Read<string> = value => {
  if (typeof value === 'string') return value;
  throw wrong(value, marked('a text'));
};

export const yesNo: Read<boolean> = value => {
  if (typeof value === 'boolean') return value;
  throw wrong(value, marked('true or false'));
};

/** A mark that is there or left out. */
export const onlyTrue: Read<true> = value => {
  if (value === true) return true;
  throw wrong(value, 'true');
};

/** A text of this form; `expected` says which, in words. */
export const matching =
  (test: (text: string) => boolean, expected: string): Read<string> =>
  value => {
    if (typeof value === 'string' && test(value)) return value;
    throw wrong(value, expected);
  };

/** One of these words; `noun` is what they are. */
export const oneOf = <T extends string>(words: readonly T[], noun: string): Read<T> => {
  const known: ReadonlySet<unknown> = new Set(words);
  return value => {
    if (known.has(value)) return value as T;
    if (value === undefined) throw misfit(t('missing'));
    throw misfit(t`${shownValue(value)} is no ${t(noun)} that this version knows`);
  };
};

/** A number between these two, both included. */
export const amount =
  (least: number, most: number, expected: string): Read<number> =>
  value => {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw wrong(value, expected);
  };

/** A whole number between these two, both included. */
export const whole =
  (least: number, most: number, expected: string): Read<number> =>
  value => {
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
      return value as number;
    throw wrong(value, expected);
  };

/** A word that is known already, such as the kind that the reader was found by. */
export const always =
  <T extends string>(word: T): Read<T> =>
  () =>
    word;

/** The value may be left out. */
export const optional =
  <T>(read: Read<T>): Read<T | undefined> =>
  value =>
    value === undefined ? undefined : read(value);

export const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  value =>
    value === null ? null : read(value);

export const listOf =
  <T>(read: Read<T>): Read<T[]> =>
  value => {
    if (!Array.isArray(value)) throw wrong(value, t('a list'));
    return value.map((item, index) => within(index, read, item));
  };

type Json = Readonly<Record<string, unknown>>;

const asObject = (value: unknown): Json => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(value, t('an object'));
};

/** The values of an object by its own names, whatever these are: `__proto__` too is only a name. */
export const namesTo =
  <T>(read: Read<T>): Read<Record<string, T>> =>
  value =>
    Object.fromEntries(
      Object.entries(asObject(value)).map(([name, item]) => [name, within(name, read, item)]),
    );

/** A reader for every field of T. */
export type Fields<T> = { readonly [K in keyof T]-?: Read<T[K]> };

/** An object of these fields; those it has besides are left out. */
export const objectOf = <T extends object>(fields: Fields<T>): Read<T> => {
  const readers = Object.entries(fields) as [string, Read<unknown>][];
  return value => {
    const json = asObject(value);
    const result: Record<string, unknown> = {};
    let name = '';
    try {
      for (const [field, read] of readers) {
        name = field;
        const item = read(Object.hasOwn(json, field) ? json[field] : undefined);
        if (item !== undefined) result[field] = item;
      }
    } catch (error) {
      if (error instanceof Misfit) error.path.unshift(name);
      throw error;
    }
    return result as T;
  };
};

/** An object whose field `tag` says what else it holds: a reader for every kind of T, so that a new one is missed here. */
export const taggedOf = <N extends string, T extends { readonly [K in N]: string }>(
  tag: N,
  noun: string,
  readers: { readonly [K in T[N]]: Read<Extract<T, { [P in N]: K }>> },
): Read<T> => {
  const kinds = Object.keys(readers) as T[N][];
  const kind = oneOf(kinds, noun);
  const byKind = new Map<unknown, Read<T>>(kinds.map(name => [name, readers[name] as unknown as Read<T>]));
  return value => {
    const json = asObject(value);
    const own = Object.hasOwn(json, tag) ? json[tag] : undefined;
    const read = byKind.get(own);
    return read ? read(json) : (within(tag, kind, own) as never);
  };
};

/** The same by its `kind`. */
export const kindOf = <T extends { readonly kind: string }>(
  noun: string,
  readers: { readonly [K in T['kind']]: Read<Extract<T, { kind: K }>> },
): Read<T> => taggedOf<'kind', T>('kind', noun, readers);
