import { isMap, isScalar, type Node } from 'yaml';
import type * as z from 'zod';
import { didYouMean } from '../core/language/suggest.ts';
import { marked, t } from '../core/words/translate.ts';
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
    .replace(/^stages: (\d+) ?/, (_, stage: string) => t`stage ${stage}: `)
    .replace(/(?:: |：)$/, '');

const nouns: Readonly<Record<string, string>> = {
  array: marked('a list'),
  object: marked('a mapping (key: value)'),
  record: marked('a mapping (key: value)'),
  string: marked('text'),
  number: marked('a number'),
  int: marked('a whole number'),
};

const nounNamed = (type: string): string => (nouns[type] ? t(nouns[type]) : type);

const nounOf = (value: unknown): string => {
  return nounNamed(Array.isArray(value) ? 'array' : typeof value);
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
  if (value === undefined) return t('it is missing');
  const noun = nounNamed(expected);
  if (path.length === 0)
    return value === null
      ? t`a lab is ${noun} with the keys lab, title and stages, not nothing`
      : t`a lab is ${noun} with the keys lab, title and stages, not ${nounOf(value)}`;
  return value === null
    ? t`${noun} is meant here, not nothing`
    : t`${noun} is meant here, not ${nounOf(value)}`;
};

/** What the checker says of a number where the schema has no words of its own. */
const checkersOwn = /^Too (?:small|big): expected number/;

const words = (issue: Issue, root: unknown): string => {
  const value = valueAt(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys;
      const known = knownKeys(issue.path);
      const list = known.length > 0 ? t`: it may be ${known.join(', ')}` : '';
      return t`there is no key ${JSON.stringify(key)}${didYouMean(key, known, list)}`;
    }
    case 'invalid_type':
      return issue.message.startsWith('Invalid input')
        ? typeWords(issue.expected, value, issue.path)
        : t(issue.message);
    case 'invalid_value': {
      const known = issue.values.map(String);
      return t`${JSON.stringify(value)} is none of ${known.join(', ')}${didYouMean(String(value), known)}`;
    }
    case 'invalid_key':
      return t(issue.issues[0]?.message ?? issue.message);
    case 'too_small':
      return checkersOwn.test(issue.message)
        ? t`Too small: expected number to be >=${issue.minimum}`
        : t(issue.message);
    case 'too_big':
      return checkersOwn.test(issue.message)
        ? t`Too big: expected number to be <=${issue.maximum}`
        : t(issue.message);
    default:
      return t(issue.message);
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
