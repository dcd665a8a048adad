import type { Bytes } from '../../core/bytes/bytes.ts';
import type { Act, Rule } from '../../core/model/rule.ts';

/** The rule with the contents of its files; a sentence where one cannot be had. */
export const withRuleFiles = async (
  rule: Rule,
  read: (bytes: Bytes) => Promise<Bytes | string>,
): Promise<Rule | string> => {
  const acts: Act[] = [];
  for (const act of rule.acts) {
    const bytes = act.kind === 'file' ? await read(act) : null;
    if (typeof bytes === 'string') return bytes;
    acts.push(bytes?.kind === 'file' ? bytes : act);
  }
  return { ...rule, acts };
};

/** The files that a rule sends. */
export const filesOf = ({ acts }: Rule): readonly string[] =>
  acts.flatMap(act => (act.kind === 'file' ? [act.path] : []));
