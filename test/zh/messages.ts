import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

export const source = join(import.meta.dirname, '../../source');

/** As much of a syntax tree (ESTree) as is asked here. */
export type Node = { readonly type: string; readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** Each node below, with those it stands in, the innermost last. */
export const walk = (
  node: Node,
  visit: (node: Node, within: readonly Node[]) => void,
  within: readonly Node[] = [],
): void => {
  visit(node, within);
  for (const child of childrenOf(node)) walk(child, visit, [...within, node]);
};

export const treeOf = async (path: string): Promise<Node> =>
  (await parseSync(path, readFileSync(join(source, path), 'utf8'))).program as unknown as Node;

export const sourceFiles = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(path =>
  /\.tsx?$/.test(path),
);

const nameOf = (node: unknown): string => (isNode(node) ? String(node.name ?? '') : '');

/** What a template says, its values as {0}, {1} … */
export const templateText = (quasi: Node): string =>
  (quasi.quasis as { value: { cooked: string } }[])
    .map(({ value }, index) => (index === 0 ? value.cooked : `{${index - 1}}${value.cooked}`))
    .join('');

/** The literal texts of an expression: both of a choice. */
const literals = (node: unknown): string[] => {
  if (!isNode(node)) return [];
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value];
  if (node.type === 'TemplateLiteral' && (node.expressions as unknown[]).length === 0)
    return [templateText(node)];
  if (node.type === 'ConditionalExpression')
    return [...literals(node.consequent), ...literals(node.alternate)];
  return [];
};

/** The sentences that a node asks a translation for: t`…`, t('…') and marked('…'). */
export const messagesOf = (node: Node): string[] => {
  if (node.type === 'TaggedTemplateExpression' && nameOf(node.tag) === 't')
    return [templateText(node.quasi as Node)];
  if (node.type === 'CallExpression' && ['t', 'marked'].includes(nameOf(node.callee)))
    return literals((node.arguments as Node[])[0]);
  return [];
};
