import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { parseDuration } from '../core/units.ts';
import { checkLabLines } from './check-lab.ts';
import { type Lab, type LabLine, type Stage, wordsOf } from './lab.ts';
import { type LabFile, labSchema, type Need } from './lab-schema.ts';

export type ReadLab =
  | { readonly ok: true; readonly lab: Lab }
  | { readonly ok: false; readonly message: string };

/** A lab is a page of text; what is larger is something else. */
const largestFile = 1024 * 1024;

const defaultTimeout = '60s';

type Place = (offset: number) => string;

const refused = (message: string): ReadLab => ({ ok: false, message });

const list = (value: Need | readonly Need[] | undefined): readonly Need[] => {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
};

/** Where the value at a path stands; for an unknown key, the key itself. */
const nodeAt = (root: Node | null, path: readonly PropertyKey[], key?: string): Node | null => {
  let node: unknown = root;
  for (const step of path)
    node = (node as { get?: (key: unknown, keep: true) => unknown })?.get?.(step, true) ?? node;
  if (key === undefined || !isMap(node)) return node as Node | null;
  const pair = node.items.find(item => isScalar(item.key) && item.key.value === key);
  return (pair?.key as Node | undefined) ?? node;
};

/** A stage's lines with their rows: of a literal block the first stands below the `|`. */
const linesOf = (stage: LabFile['stages'][number], node: Node | null, counter: LineCounter): LabLine[] => {
  const start = node?.range?.[0] ?? 0;
  const block = isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
  const first = counter.linePos(start).line + (block ? 1 : 0);
  return stage.do.split('\n').map((text, index) => ({ text, row: first + index }));
};

const stagesOf = (file: LabFile, root: Node | null, counter: LineCounter): Stage[] =>
  file.stages.map((stage, index) => ({
    say: wordsOf(stage.say),
    repeat: stage.repeat ?? 1,
    needs: list(stage.needs),
    lines: linesOf(stage, nodeAt(root, ['stages', index, 'do']), counter),
  }));

const labOf = (file: LabFile, name: string, timeout: number, stages: Stage[]): Lab => ({
  name: file.lab,
  title: wordsOf(file.title),
  file: name,
  programs: { client: 'duplex', 'tcp-server': 'duplex', 'udp-server': 'duplex', ...file.programs },
  variables: Object.fromEntries(Object.entries(file.let ?? {}).map(([key, value]) => [key, String(value)])),
  timeout,
  needs: list(file.needs),
  differs: file.differs ?? [],
  stages,
});

const schemaProblem = (root: Node | null, value: unknown, place: Place): string | LabFile => {
  const result = labSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const node = nodeAt(root, issue.path, key);
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return `${place(node?.range?.[0] ?? 0)}: ${where}${issue.message}`;
};

/** Reads a lab from YAML text. A refusal is one sentence with file, line and column; nothing was opened. */
export const readLab = async (text: string, name: string): Promise<ReadLab> => {
  if (text.length > largestFile)
    return refused(`${name}: ${text.length} characters are no lab; at most 1 MiB is read`);
  if (/[\0-\x08\x0e-\x1f]/.test(text)) return refused(`${name}: this is binary data, not a lab's text`);
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const place: Place = offset => {
    const { line, col } = counter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error)
    return refused(`${place(error.pos[0])}: ${error.message.split('\n')[0]?.replace(/ at line.*$/, '')}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return refused(`${name}: anchors and aliases (& and *) are not used in labs; write the text out`);
  }
  const file = schemaProblem(document.contents, value, place);
  if (typeof file === 'string') return refused(file);
  const timeout = parseDuration(file.timeout ?? defaultTimeout);
  if (!timeout.ok)
    return refused(
      `${place(nodeAt(document.contents, ['timeout'])?.range?.[0] ?? 0)}: timeout: ${timeout.message}`,
    );
  const lab = labOf(file, name, timeout.value, stagesOf(file, document.contents, counter));
  const problem = await checkLabLines(lab);
  return problem ? refused(problem) : { ok: true, lab };
};
