import type { Help, Option } from 'commander';
import { marked, t } from '../core/words/translate.ts';
import { widthOf } from '../ui/parts/styled-line.ts';
import { wrapText } from '../ui/parts/wrap-text.ts';

/** Titles and placeholders that commander itself puts into a help. */
const ownWords: readonly string[] = [
  marked('Usage:'),
  marked('Arguments:'),
  marked('Options:'),
  marked('Commands:'),
  marked('[options]'),
  marked('[command]'),
];

const inWords = (text: string): string => ownWords.reduce((said, word) => said.replace(word, t(word)), text);

/** How commander's help is laid out in a language whose characters take two cells, and are broken between any two. */
export const helpWords: Partial<Help> = {
  displayWidth: widthOf,
  boxWrap: (text: string, width: number) => wrapText(text, width).join('\n'),
  styleTitle: inWords,
  styleUsage: inWords,
  styleSubcommandTerm: inWords,
  optionDescription: ({ description, argChoices }: Option) =>
    argChoices ? `${description}${t` (choices: ${argChoices.join(', ')})`}` : description,
};

type Said = readonly [RegExp, (found: readonly string[]) => string];

/** What commander 15 says of a command line that it refuses: it has no other place for its words. */
const refusals: readonly Said[] = [
  [/^error: missing required argument '(.*)'$/, ([, name]) => t`error: missing required argument '${name}'`],
  [/^error: option '(.*)' argument missing$/, ([, flags]) => t`error: option '${flags}' argument missing`],
  [
    /^error: required option '(.*)' not specified$/,
    ([, flags]) => t`error: required option '${flags}' not specified`,
  ],
  [/^error: unknown option '(.*)'$/, ([, flag]) => t`error: unknown option '${flag}'`],
  [/^error: unknown command '(.*)'$/, ([, name]) => t`error: unknown command '${name}'`],
  [/^\(Did you mean one of (.*)\?\)$/, ([, names]) => t`(Did you mean one of ${names}?)`],
  [/^\(Did you mean (.*)\?\)$/, ([, name]) => t`(Did you mean ${name}?)`],
  [
    /^error: option '(.*)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/,
    ([, flags, value, choices]) =>
      t`error: option '${flags}' argument '${value}' is invalid. Allowed choices are ${choices}.`,
  ],
  [
    /^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+): (.*)\.$/,
    ([, name, expected, received, details]) =>
      t`error: too many arguments for '${name}'. Expected ${expected} but got ${received}: ${details}.`,
  ],
];

/** A refusal of commander's in the person's language, line by line. */
export const refusalWords = (text: string): string =>
  text
    .split('\n')
    .map(line => {
      for (const [pattern, words] of refusals) {
        const found = pattern.exec(line);
        if (found) return words(found);
      }
      return line;
    })
    .join('\n');
