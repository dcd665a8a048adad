import { isMap, isScalar, type Node } from 'yaml';
import type * as z from 'zod';
import { didYouMean } from '../core/language/suggest.ts';
import { labSchema } from './lab-schema.ts';

type Issue = z.core.$ZodIssue;

/** Where something is wrong, and one sentence about it. */
export type SchemaProblem = { readonly node: Node | null; readonly message: string };

/** The node at a path, or the nearest above it that exists. */
export const nodeAt = (root: Node | null, path: readonly PropertyKey[]): Node | null => {
  let node: Node | null = root;
  for (const step of path) {
    const next: unknown = (node as { get?: (key: unknown, keep: true) => unknown } | null)?.get?.(step, true);
    if (!next) return node;
    node = next as Node;
  }
  return node;
};

/** The key itself, in the mapping at a path. */
export const keyAt = (root: Node | null, path: readonly PropertyKey[], key: string): Node | null => {
  const node = nodeAt(root, path);
  if (!isMap(node)) return node;
  const pair = node.items.find(item => isScalar(item.key) && item.key.value === key);
  return (pair?.key as Node | undefined) ?? node;
};

/** `stage 2: repeat`, counted as a person counts. */
const where = (path: readonly PropertyKey[]): string =>
  path
    .map((step, index) =>
      typeof step === 'number' ? String(step + 1) : path[index + 1] === undefined ? step : `${String(step)}:`,
    )
    .map(String)
    .join(' ')
    .replace(/^stages: (\d+) ?/, 'stage $1: ')
    .replace(/: $/, '');

const nouns: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  null: 'nothing',
};

const nounOf = (value: unknown): string => {
  if (value === null) return nouns.null!;
  return nouns[Array.isArray(value) ? 'array' : typeof value] ?? typeof value;
};

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null)?.[step], root);

const knownKeys = (path: readonly PropertyKey[]): string[] => {
  const { shape } = labSchema;
  if (path.length === 0) return Object.keys(shape);
  if (path[0] === 'stages') return Object.keys(shape.stages.element.shape);
  return path[0] === 'programs' ? Object.keys(shape.programs.unwrap().shape) : [];
};

const typeWords = (expected: string, value: unknown, path: readonly PropertyKey[]): string => {
  if (value === undefined) return 'it is missing';
  const noun = nouns[expected] ?? expected;
  if (path.length === 0) return `a lab is ${noun} with the keys lab, title and stages, not ${nounOf(value)}`;
  return `${noun} is meant here, not ${nounOf(value)}`;
};

const words = (issue: Issue, root: unknown): string => {
  const value = valueAt(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys;
      const known = knownKeys(issue.path);
      const list = known.length > 0 ? `: it may be ${known.join(', ')}` : '';
      return `there is no key ${JSON.stringify(key)}${didYouMean(key, known, list)}`;
    }
    case 'invalid_type':
      return issue.message.startsWith('Invalid input')
        ? typeWords(issue.expected, value, issue.path)
        : issue.message;
    case 'invalid_value': {
      const known = issue.values.map(String);
      return `${JSON.stringify(value)} is none of ${known.join(', ')}${didYouMean(String(value), known)}`;
    }
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    default:
      return issue.message;
  }
};

/** The first thing in which a value is no lab, in words, with the node that holds it. */
export const schemaProblem = (issue: Issue, root: Node | null, value: unknown): SchemaProblem => {
  const key =
    issue.code === 'unrecognized_keys'
      ? issue.keys[0]
      : issue.code === 'invalid_key'
        ? issue.path.at(-1)
        : undefined;
  const path = issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path;
  const node = key === undefined ? nodeAt(root, path) : keyAt(root, path, String(key));
  const title = where(issue.path);
  return { node, message: `${title === '' ? '' : `${title}: `}${words(issue, value)}` };
};
