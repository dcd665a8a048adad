import { type Command, Option } from 'commander';
import { t } from '../core/words/translate.ts';
import { type Language, languages } from '../labs/lab.ts';

export type GlobalFlags = {
  readonly ascii?: boolean;
  /** --no-color makes it false. */
  readonly color?: boolean;
  readonly stage?: boolean;
  readonly screenReader?: boolean;
  readonly config?: string;
  readonly record?: string;
  readonly lang?: Language;
};

export const withGlobalFlags = (command: Command): Command =>
  command
    .option('--record <FILE>', t('every entry, as a line of JSON, in a new file'))
    .option('--ascii', t('no box drawing, for terminals without UTF-8'))
    .option('--no-color', t('no colour; NO_COLOR does the same'))
    .option('--screen-reader', t('lines as they come, nothing redrawn'))
    .option('--config <FILE>', t('settings from this file'))
    .addOption(
      new Option(
        '--lang <LANG>',
        t('the language of all words, lessons and menus; else the locale says it'),
      ).choices(languages),
    );

/** Of these flags the next word is the value. */
const withValue: ReadonlySet<string> = new Set(['--record', '--config', '--lang']);

/** The first word that is neither a flag nor the value of one. */
const commandIn = (argv: readonly string[]): string => {
  const words = argv.slice(2);
  return words.find((word, at) => !word.startsWith('-') && !withValue.has(words[at - 1] ?? '')) ?? '';
};

/** What `run` calls --stage is another thing, and would never come to it. */
export const withStageFlag = (command: Command, argv: readonly string[]): Command =>
  commandIn(argv) === 'run'
    ? command
    : command.option(
        '--stage',
        t('for a class: rows apart, no entry numbers, the next step of a lab hidden'),
      );
