import { translateWith } from '../core/words/translate.ts';
import { type Language, languageOf, languages } from '../labs/lab.ts';

/** The locale as programs read it (locale(7): LC_ALL before the category before LANG). */
export const localeOf = (category: 'LC_CTYPE' | 'LC_MESSAGES'): string | undefined =>
  process.env.LC_ALL || process.env[category] || process.env.LANG;

/** The language of everything that is said unless --lang says otherwise. */
export const systemLanguage = (): Language => languageOf(localeOf('LC_MESSAGES'));

/** The words of this program: behind -- are another's. */
const own = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

/** What --lang among these words asks for; they are read before the flags are, whose own help is in that language. */
const askedIn = (argv: readonly string[]): Language | undefined => {
  const words = own(argv);
  const at = words.findLastIndex(word => word === '--lang' || word.startsWith('--lang='));
  const value = words[at]?.startsWith('--lang=') ? words[at].slice('--lang='.length) : words[at + 1];
  return at < 0 ? undefined : languages.find(language => language === value);
};

/** Flags that ask for what programs read, which is English everywhere. */
const readByPrograms = /^--(?:json|junit)(?:=|$)/;

const forPrograms = (argv: readonly string[]): boolean => own(argv).some(word => readByPrograms.test(word));

/** From here on all words of this process are in the language that its command line or else its locale asks for. */
export const speak = async (argv: readonly string[]): Promise<Language> => {
  const language = forPrograms(argv) ? 'en' : (askedIn(argv) ?? systemLanguage());
  translateWith(language === 'zh' ? (await import('../zh/chinese.ts')).chinese : null);
  return language;
};
