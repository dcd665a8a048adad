import { expect, test } from 'vitest';
import { messagesOf, type Node, sourceFiles, templateText, treeOf, walk } from './messages.ts';

/** Folders and files whose sentences all have their Chinese. */
const translated: readonly string[] = [
  'bench/',
  'commands/',
  'core/words/finding-words.ts',
  'settings/',
  'ui/',
];

/** Files below these whose words are for programs, or are a format's own, and the reason. */
const foreign: Readonly<Record<string, string>> = {};

/** Three words and more are a sentence; so are two with a small letter before each space. */
const isSentence = (text: string): boolean => /[a-z]{2,}[,:;]? (?:\{\d+\} )?[a-z]{2,}/.test(text);

const textOf = (node: Node): string => {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node.type === 'TemplateLiteral' ? templateText(node) : '';
};

/** What is no sentence of the program's: types, imports, and the messages of faults in the program itself. */
const isAside = (within: readonly Node[]): boolean =>
  within.some(
    node =>
      /^TS(?!As|Satisfies|NonNull)/.test(node.type) ||
      /^(?:Import|Export(?:All|Named)Declaration$(?!))/.test(node.type) ||
      (node.type === 'NewExpression' && /Error$/.test((node.callee as { name?: string }).name ?? '')),
  );

test('no sentence is shown in English only', async () => {
  const found: string[] = [];
  const paths = sourceFiles.filter(
    path => translated.some(each => path.startsWith(each)) && !(path in foreign),
  );
  for (const path of paths)
    walk(await treeOf(path), (node, within) => {
      const text = within.at(-1)?.type === 'Property' && within.at(-1)?.key === node ? '' : textOf(node);
      if (isSentence(text) && !isAside(within) && !within.some(outer => messagesOf(outer).includes(text)))
        found.push(`${path}: ${text}`);
    });
  expect(found).toEqual([]);
});
