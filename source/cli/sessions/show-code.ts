import type { Source } from '../../bench/engine/source.ts';
import type { CodeAbout, ShownCode } from '../../core/model/code.ts';

/** A call, or a socket's life, as the journal holds it, in both languages. What writes them is loaded with the first. */
export const showCode = async (source: Source, about: CodeAbout): Promise<ShownCode | string> => {
  source.flush();
  const { journal } = source;
  const { codeOf } = await import('../../formats/code/code-of.ts');
  return codeOf(journal.slice(journal.first(), journal.last()), about);
};
