/** Sentences by their English; `{0}`, `{1}` … stand where values do, in any order. */
export type Catalogue = Readonly<Record<string, string>>;

/** One language for the whole process: it is asked for once, before a word is shown. English needs no catalogue. */
let catalogue: Catalogue | null = null;

/** From here on sentences are in that catalogue's language; null is English. */
export const translateWith = (next: Catalogue | null): void => {
  catalogue = next;
};

const filled = (sentence: string, values: readonly unknown[]): string =>
  sentence.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));

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
  return translated === undefined ? String.raw({ raw: text }, ...values) : filled(translated, values);
};

/** An English text of a table, which is shown through `t`: so the catalogues are known to need it. */
export const marked = <Text extends string>(text: Text): Text => text;
