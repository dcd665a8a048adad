import { z } from 'zod';
import type { CallSpec } from '../source/core/calls/call-spec.ts';
import { callNames, calls } from '../source/core/calls/calls.ts';
import { countProperties, wordProperties } from '../source/core/language/expectation.ts';
import { findingNames } from '../source/core/model/finding.ts';
import { findLab, labNames } from '../source/labs/catalogue.ts';
import type { Lab } from '../source/labs/lab.ts';
import { labSchema, needs } from '../source/labs/lab-schema.ts';
import { chapterTitles, inCourse } from '../source/labs/lessons/course.ts';
import { keepFresh, readProjectFile } from './generated.ts';
import { code, fill, table } from './markdown.ts';

const page = 'docs/labs.md';
const schemaFile = 'docs/lab.schema.json';

type JsonSchema = {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
};

const jsonSchema = (): JsonSchema => ({
  ...(z.toJSONSchema(labSchema) as JsonSchema),
  description: 'A lab of sockbench: an experiment with sockets that is a lesson and a test.',
});

/** As the house's formatter wants it: a list of words on one line. */
const formatted = (schema: JsonSchema): string => {
  const text = JSON.stringify(schema, null, 2);
  return `${text.replace(/\[\s+("[^"[\]{}]*"(?:,\s+"[^"[\]{}]*")*)\s+\]/g, (_, list: string) => `[${list.replace(/,\s+/g, ', ')}]`)}\n`;
};

/** A row for each key that a mapping may have. */
const keyRows = ({ properties = {}, required = [] }: JsonSchema): string[][] =>
  Object.entries(properties).map(([key, { description = '' }]) => [
    code(key),
    required.includes(key) ? 'yes' : '',
    description,
  ]);

const keyTable = (schema: JsonSchema | undefined): string =>
  table(['key', 'needed', 'meaning'], keyRows(schema ?? {}));

const subjects: Readonly<Record<string, string>> = { module: '', socket: 'c1.', file: 'f1.' };

const written = (name: string, { on, parameters }: CallSpec): string => {
  const words = parameters.map(({ field, optional, fallback }) =>
    optional || fallback !== undefined ? `[${field}]` : field,
  );
  return [`${subjects[on[0]!]}${name}`, ...words].join(' ');
};

const callTable = (): string =>
  table(
    ['call', 'does'],
    callNames
      .filter(name => !calls[name].on.includes('process'))
      .map(name => [code(written(name, calls[name])), calls[name].does]),
  );

const words = (list: readonly string[]): string => list.map(code).join(', ');

const labTable = async (): Promise<string> => {
  const labs: Lab[] = [];
  for (const name of await labNames()) {
    const read = await findLab(name);
    if (!read.ok) throw new Error(read.message);
    labs.push(read.lab);
  }
  const rows = inCourse(labs).map(({ name, title, chapter, level, minutes }) => [
    chapter === null ? '' : chapterTitles[chapter].en,
    code(name),
    title.en,
    title.zh,
    level ?? '',
    `${minutes ?? ''}`,
  ]);
  return table(['chapter', 'lab', 'title', '', 'level', 'minutes'], rows);
};

const freshPage = async (text: string): Promise<string> => {
  const schema = jsonSchema();
  const labs = await labTable();
  return fill(
    text,
    {
      'lab-keys': () => keyTable(schema),
      'stage-keys': () => keyTable(schema.properties?.stages?.items),
      'difference-keys': () => keyTable(schema.properties?.differs?.items),
      needs: () => words(needs),
      calls: callTable,
      'word-properties': () => words(wordProperties),
      'count-properties': () => words(countProperties),
      findings: () => words(findingNames),
      labs: () => labs,
    },
    page,
  );
};

keepFresh({ [page]: await freshPage(readProjectFile(page)), [schemaFile]: formatted(jsonSchema()) });
