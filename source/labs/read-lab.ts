import type { LineCounter, Node } from 'yaml';
import { readable } from '../core/language/parsed.ts';
import { parseDuration } from '../core/language/units.ts';
import { perProgram } from '../core/model/actors.ts';
import { t } from '../core/words/translate.ts';
import { checkLab, type FileTrouble } from './check-lab.ts';
import { type Lab, type LabLine, type Stage, type Words, wordsOf } from './lab.ts';
import { type LabFile, labSchema, type Need } from './lab-schema.ts';
import { inSteps, withAsked, withSource } from './lab-steps.ts';
import { paragraphs } from './paragraphs.ts';
import { keyAt, nodeAt, schemaProblem } from './schema-words.ts';
import { isLiteral, readYaml, type YamlText } from './yaml-text.ts';

export type ReadLab =
  | { readonly ok: true; readonly lab: Lab }
  | { readonly ok: false; readonly message: string };

const defaultTimeout = '60s';

/** `place`: the file, the line, and what stands before the sentence. */
const refused = (place: string, message: string): ReadLab => ({
  ok: false,
  message: `${place}: ${readable(message)}`,
});

const startOf = (node: Node | null): number => node?.range?.[0] ?? 0;

const list = (value: Need | readonly Need[] | undefined): readonly Need[] => {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
};

/** Blanks that the block's indentation took off its lines. */
const indentation = (source: string, firstLine: number): number =>
  source
    .split('\n')
    .slice(firstLine)
    .find(line => line.trim() !== '')
    ?.search(/\S/) ?? 0;

/** A stage's lines with their places: of a literal block the first stands below the `|`. */
const linesOf = (text: string, node: Node | null, counter: LineCounter, source: string): LabLine[] => {
  const first = counter.linePos(startOf(node)).line + 1;
  const indent = indentation(source, first - 1);
  return text.split('\n').map((line, index) => ({ text: line, row: first + index, indent }));
};

/** The start of a stage's program, where it has one, as a line before its lines. */
const programLines = (
  { stages }: LabFile,
  index: number,
  root: Node | null,
  counter: LineCounter,
): LabLine[] => {
  const source = stages[index]?.python;
  if (source === undefined) return [];
  const nth = stages.slice(0, index + 1).filter(({ python }) => python !== undefined).length;
  const { line: row } = counter.linePos(startOf(nodeAt(root, ['stages', index, 'python'])));
  return [{ text: `p${nth} = python`, row, indent: 0, program: { nth, source } }];
};

/** A stage that starts a program needs what runs it. */
const stageNeeds = (
  { needs, python }: LabFile['stages'][number],
  labNeeds: readonly Need[],
): readonly Need[] => {
  const own = list(needs);
  return python === undefined || [...own, ...labNeeds].includes('python') ? own : [...own, 'python'];
};

/** The lesson in paragraphs: where its writer broke the lines says nothing about the screen's width. */
const sayOf = (say: LabFile['stages'][number]['say']): Words => {
  const { en, zh } = wordsOf(say);
  return { en: paragraphs(en), zh: paragraphs(zh) };
};

const predicted = ({ predict }: LabFile['stages'][number]): readonly string[] =>
  typeof predict === 'string' ? [predict] : (predict ?? []);

/** What a stage runs, in the steps that a person presses. */
const stageLines = (
  file: LabFile,
  index: number,
  { root, counter }: YamlText,
  source: string,
): Pick<Stage, 'lines' | 'rest'> => {
  const stage = file.stages[index]!;
  const lines = [
    ...programLines(file, index, root, counter),
    ...linesOf(stage.do, nodeAt(root, ['stages', index, 'do']), counter, source),
  ];
  const asked = withAsked(lines, predicted(stage));
  const beside = withSource(asked.ok ? asked.lines : lines, stage.source);
  return { ...beside, lines: inSteps(beside.lines, stage.together ?? false) };
};

const labOf = (file: LabFile, name: string, yaml: YamlText, source: string): Omit<Lab, 'timeout'> => ({
  name: file.lab,
  title: wordsOf(file.title),
  chapter: file.chapter ?? null,
  place: file.place ?? 1,
  level: file.level ?? null,
  minutes: file.minutes ?? null,
  file: name,
  source: file.lab,
  folder: null,
  programs: { ...perProgram(() => 'duplex' as const), ...file.programs },
  variables: Object.fromEntries(Object.entries(file.let ?? {}).map(([key, value]) => [key, String(value)])),
  needs: list(file.needs),
  differs: file.differs ?? [],
  stages: file.stages.map(
    (stage, index): Stage => ({
      say: sayOf(stage.say),
      after: sayOf(stage.then),
      repeat: stage.repeat ?? 1,
      needs: stageNeeds(stage, list(file.needs)),
      ...stageLines(file, index, yaml, source),
    }),
  ),
});

/** What a schema cannot say of a stage: its program and its lines are literal blocks, and one of the lines does something. */
const blockProblem = ({ stages }: LabFile, { root, place }: YamlText): string | null => {
  for (const [index, stage] of stages.entries()) {
    for (const key of ['source', 'python', 'do'] as const) {
      if (stage[key] === undefined) continue;
      const node = nodeAt(root, ['stages', index, key]);
      const at = t`${place(startOf(node))}: stage ${index + 1}: ${key}`;
      if (!isLiteral(node))
        return key === 'do'
          ? t`${at}: write the lines as a literal block: "${key}: |" and the lines below it`
          : t`${at}: write the program as a literal block: "${key}: |" and the lines below it`;
      if (stage[key].split('\n').every(line => /^\s*(#|$)/.test(line)))
        return key === 'do' ? t`${at}: this stage does nothing` : t`${at}: this program does nothing`;
    }
  }
  return null;
};

/** A call that is to be predicted stands among the lines. */
const predictProblem = (file: LabFile, { root, place, counter }: YamlText, source: string): string | null => {
  for (const [index, stage] of file.stages.entries()) {
    const node = nodeAt(root, ['stages', index, 'do']);
    const asked = withAsked(linesOf(stage.do, node, counter, source), predicted(stage));
    if (!asked.ok)
      return t`${place(startOf(nodeAt(root, ['stages', index, 'predict'])))}: stage ${index + 1}: predict: no line of this stage makes the call ${asked.name}, behind the ones named before it`;
  }
  return null;
};

const nothingToRead: FileTrouble = () => Promise.resolve(null);

/**
 * Reads a lab from YAML text. A refusal is one sentence with file, line and column; nothing was opened. `name` stands
 * for the file in messages.
 */
export const readLab = async (
  text: string,
  name: string,
  fileTrouble: FileTrouble = nothingToRead,
): Promise<ReadLab> => {
  const source = text.replace(/\r\n?/g, '\n');
  const yaml = readYaml(source, name);
  if (typeof yaml === 'string') return { ok: false, message: yaml };
  const { root, place } = yaml;
  const parsed = labSchema.safeParse(yaml.value);
  if (!parsed.success) {
    const { node, message } = schemaProblem(parsed.error.issues[0]!, root, yaml.value);
    return refused(place(startOf(node)), message);
  }
  const file = parsed.data;
  const block = blockProblem(file, yaml) ?? predictProblem(file, yaml, source);
  if (block !== null) return { ok: false, message: block };
  const timeout = parseDuration(file.timeout ?? defaultTimeout);
  if (!timeout.ok) return refused(`${place(startOf(nodeAt(root, ['timeout'])))}: timeout`, timeout.message);
  const lab: Lab = { ...labOf(file, name, yaml, source), timeout: timeout.value };
  const trouble = await checkLab(lab, fileTrouble);
  if (trouble === null) return { ok: true, lab };
  const { at, message } = trouble;
  return 'variable' in at
    ? refused(place(startOf(keyAt(root, ['let'], at.variable))), `let: ${at.variable}: ${message}`)
    : refused(`${name}:${at.row}:${at.column}`, message);
};
