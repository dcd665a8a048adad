import { late } from '../bytes/late.ts';

/** Sentences by their English; `{0}`, `{1}` … stand where values do, in any order. */
export type Catalogue = Readonly<Record<string, string>>;

/** One language for the whole process: it is asked for once, before a word is shown. English needs no catalogue. */
let catalogue: Catalogue | null = null;

/** From here on sentences are in that catalogue's language; null is English. */
export const translateWith = (next: Catalogue | null): void => {
  catalogue = next;
};

/** What programs read has no language: the words of `say` are English, whatever the person reads. */
export const inEnglish = <T>(say: () => T): T => {
  const own = catalogue;
  catalogue = null;
  try {
    return say();
  } finally {
    catalogue = own;
  }
};

const closesSentence = /[\u3001-\u301f\uff01-\uff1f]$/u;

/** Where Chinese begins and ends. Unicode's classes take milliseconds. */
const edges = late(() => {
  const wide = String.raw`[\p{Script=Han}\u3001-\u301f\uff01-\uff60]`;
  return {
    starts: new RegExp(`^${wide}`, 'u'),
    ends: new RegExp(`${wide}$`, 'u'),
    blankAhead: new RegExp(`^ (?=${wide})`, 'u'),
    blankBehind: new RegExp(`(?<=${wide}) $`, 'u'),
  };
});

/** What stands between two values. A blank parts Chinese from other letters, so it goes where Chinese stands on both sides. */
const between = (text: string, before: string, after: string): string => {
  const { starts, ends, blankAhead, blankBehind } = edges();
  const [behind, ahead] = [ends.test(before), starts.test(after)];
  if (text === ' ') return (behind && ahead) || closesSentence.test(before) ? '' : text;
  const rest = behind ? text.replace(blankAhead, '') : text;
  return ahead ? rest.replace(blankBehind, '') : rest;
};

/** A sentence with its values in place of `{name}`; what is no value's name stays. */
export const filled = (sentence: string, value: (name: string) => string | undefined): string => {
  const parts = sentence.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? (value(part) ?? `{${part}}`) : part));
  return parts
    .map((part, at) => (at % 2 ? part : between(part, parts[at - 1] ?? '', parts[at + 1] ?? '')))
    .join('');
};

/** What a template is called in a catalogue: `waits for ${who} to send` is `waits for {0} to send`. */
const idOf = (parts: readonly string[]): string =>
  parts.reduce((before, part, index) => `${before}{${index - 1}}${part}`);

/**
 * A sentence in the person's language, English where the catalogue has none: a template, t`waits for ${who} to send`, or what a table
 * holds in English (`marked`), t(command.title). It is asked for when it is shown, never while a module loads.
 */
export const t = (text: string | TemplateStringsArray, ...values: readonly unknown[]): string => {
  if (typeof text === 'string') return catalogue?.[text] ?? text;
  const translated = catalogue?.[idOf(text)];
  if (translated === undefined) return String.raw({ raw: text }, ...values);
  return filled(translated, name => (/^\d+$/.test(name) ? String(values[Number(name)]) : undefined));
};

/** An English text of a table, which is shown through `t`: so the catalogues are known to need it. */
export const marked = <Text extends string>(text: Text): Text => text;
