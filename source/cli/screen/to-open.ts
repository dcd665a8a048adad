import type { Rule } from '../../core/model/rule.ts';
import { addressNamed, type SavedNames } from '../../core/model/saved-names.ts';
import { type AddressFlags, joinWords, type Opening, readAddresses } from '../address-words.ts';
import type { Verb } from '../tls-flags.ts';
import { type OpenWith, openAll, openRelay } from './open-all.ts';
import { systemServices } from './system-services.ts';

/** What the command line names: addresses to open, or a lab. */
export type ToOpen =
  | {
      readonly verb: Verb;
      readonly words: readonly string[];
      readonly flags: AddressFlags;
      /** By which what listens there answers, as they are written. */
      readonly rules: readonly string[];
    }
  | { readonly verb: 'relay'; readonly words: readonly string[]; readonly flags: AddressFlags }
  /** null: the one that comes next. */
  | { readonly verb: 'lab'; readonly lab: string | null };

/** Opens what was named, on a bench that is there. */
export type Opener = (open: OpenWith) => void;

type Named = Extract<ToOpen, { verb: Verb }>;

/** Addresses as they are written, or the names that they are kept under. */
const openingsOf = (open: Named, saved: SavedNames): readonly Opening[] | string => {
  const words = joinWords(open.words).map(word => addressNamed(saved, word));
  const read = readAddresses(open.verb, words, open.flags);
  return read.ok ? read.openings : read.message;
};

/** The rules by which what is opened answers. */
const rulesOf = async (
  { rules }: Named,
  openings: readonly Opening[],
  saved: SavedNames,
): Promise<readonly Rule[] | string> => {
  if (rules.length === 0) return [];
  const { readListenRules } = await import('./listen-rules.ts');
  return readListenRules(rules, openings, saved, systemServices.readFile);
};

const namedOpener = async (open: Named, saved: SavedNames): Promise<Opener | string> => {
  const openings = openingsOf(open, saved);
  if (typeof openings === 'string') return openings;
  const rules = await rulesOf(open, openings, saved);
  return typeof rules === 'string' ? rules : openWith => openAll(open.verb, openings, rules, openWith);
};

const relayOpener = async (
  open: Extract<ToOpen, { verb: 'relay' }>,
  saved: SavedNames,
): Promise<Opener | string> => {
  const { readRelay } = await import('../pipe/relay-words.ts');
  const wanted = readRelay(open.words, open.flags, saved);
  return typeof wanted === 'string' ? wanted : openWith => openRelay(wanted, openWith);
};

/** How to open what was named, null for nothing; or what is wrong with it, in a sentence. */
export const openerOf = async (open: ToOpen | null, saved: SavedNames): Promise<Opener | null | string> => {
  if (!open || open.verb === 'lab') return null;
  const opener = await (open.verb === 'relay' ? relayOpener(open, saved) : namedOpener(open, saved));
  return typeof opener === 'string' ? `sockbench ${open.verb}: ${opener}` : opener;
};
