import { rulePatternProblem } from '../../bench/behaviours/rule-pattern.ts';
import { type ReadFile, withContents } from '../../commands/sockets/file-payload.ts';
import { withRuleFiles } from '../../commands/sockets/rule-files.ts';
import type { Bytes } from '../../core/bytes/bytes.ts';
import { kindProblem } from '../../core/language/rule-place.ts';
import { parseRuleText } from '../../core/language/rule-text.ts';
import type { Rule } from '../../core/model/rule.ts';
import { ruleNamed, type SavedNames } from '../../core/model/saved-names.ts';
import { t } from '../../core/words/translate.ts';
import type { Opening } from '../address-words.ts';
import { excerpt } from '../sessions/excerpt.ts';

const misplaced = (rule: Rule, openings: readonly Opening[]): string | null => {
  for (const { text, type, address } of openings) {
    const socket = { family: address.family ?? 'AF_INET', type } as const;
    const what = type === 'SOCK_DGRAM' ? t`a datagram socket at ${text}` : text;
    const problem = kindProblem(what, rule, socket, type === 'SOCK_STREAM');
    if (problem !== null) return problem;
  }
  return null;
};

/**
 * The rules of `listen --on`, as they are written or by the name that one is kept under, with the files that they send; or
 * why one is none: with its column, where it has one.
 */
export const readListenRules = async (
  texts: readonly string[],
  openings: readonly Opening[],
  saved: SavedNames,
  readFile: ReadFile,
): Promise<readonly Rule[] | string> => {
  const { signal } = new AbortController();
  const read = (bytes: Bytes) => withContents(bytes, { readFile, signal, note: () => {} });
  const rules: Rule[] = [];
  for (const written of texts) {
    const text = ruleNamed(saved, written);
    const parsed = parseRuleText(text, rulePatternProblem);
    if (!parsed.ok) return `--on: ${parsed.message}\n${excerpt(text, parsed.column)}`;
    const problem = misplaced(parsed.value, openings);
    if (problem !== null) return `--on: ${problem}\n${excerpt(text, 0)}`;
    const rule = await withRuleFiles(parsed.value, read);
    if (typeof rule === 'string') return `--on: ${rule}`;
    rules.push(rule);
  }
  return rules;
};
