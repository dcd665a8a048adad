import { glossary } from '../../core/words/glossary.ts';

export const words: readonly string[] = [...glossary.keys()];

/** The words in the order in which they are listed: those of what is under the cursor first, then all others. */
export const glossaryWords = ({ here }: { readonly here: readonly string[] }): readonly string[] => [
  ...here,
  ...words.filter(word => !here.includes(word)),
];
