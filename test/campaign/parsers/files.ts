import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFilter } from '../../../source/bench/view/log-filter.ts';
import { safeLines } from '../../../source/core/bytes/printable.ts';
import { parseServices } from '../../../source/drivers/system/services-file.ts';
import { readSession } from '../../../source/formats/session/read-session.ts';
import { readLab } from '../../../source/labs/read-lab.ts';
import { parseSettings } from '../../../source/settings/settings-file.ts';
import { mutant, recordings } from '../../formats/mutants.ts';
import type { Answer } from './judge.ts';
import { ofTexts, type Subject } from './subject.ts';
import { mangled } from './texts.ts';

const labFolder = join(import.meta.dirname, '../../../source/labs/built-in');
const labs = readdirSync(labFolder).map(name => readFileSync(join(labFolder, name), 'utf8'));

const settings = [
  'keys: { connect: [c, alt-c], listen: L }\nascii: true\npolicy: duplex\n',
  'endpoints: { db: 10.0.0.1:5432 }\nmessages: { hello: "hi\\n", x: { hex: 01 ff } }\n',
  'rules: { mirror: accept echo }\ncloseEnded: false\n',
];

/** Characters of YAML: a library reads it, which takes a hundred ms for thousands of lines in brackets that nobody closes. */
const longestYaml = 3_000;

/** A lab within a lab: depth that no lesson has. */
const deep = ['lab: x\ntitle: ', 'stages: ', '- '].map(start => `${start}${'['.repeat(500)}`);

/** What is said of a file goes out through `print`, which escapes it. */
const printed = (answer: { readonly ok: boolean; readonly message?: string }): Answer =>
  answer.ok ? answer : { ok: false, message: safeLines(answer.message ?? '') };

const sessions: Subject = {
  name: 'sessions',
  share: 1,
  input: chance => {
    const seed = chance.below(2 ** 31);
    const bytes = mutant(seed);
    return { shown: `mutant ${seed}`, read: () => printed(readSession(bytes, 'session')) };
  },
};

/** Its lines as bytes that are no longer JSON, nor UTF-8. */
const brokenSessions: Subject = {
  name: 'sessions with broken lines',
  share: 1,
  input: chance => {
    const lines = [...chance.one([...recordings.values()])];
    const at = chance.below(lines.length);
    lines[at] = mangled(chance, [lines[at]!]);
    const bytes = Buffer.from(lines.join('\n'), chance.below(4) === 0 ? 'latin1' : 'utf8');
    return { shown: `line ${at + 1}: ${lines[at]}`, read: () => printed(readSession(bytes, 'session')) };
  },
};

/** Entries that a filter is asked about. */
const entries = [...recordings.values()].flatMap(lines => {
  const read = readSession(Buffer.from(`${lines.join('\n')}\n`), 'recording');
  if (!read.ok) throw new Error(read.message);
  return read.session.entries.slice(0, 10);
});

const filtered = (text: string): undefined => {
  const { matches } = compileFilter(text, () => undefined);
  for (const entry of entries) matches(entry);
};

export const fileSubjects: readonly Subject[] = [
  ofTexts(
    'labs',
    4,
    [...labs, ...labs, ...deep],
    async text => printed(await readLab(text, 'x.yaml')),
    longestYaml,
  ),
  ofTexts('settings', 10, settings, text => printed(parseSettings(text, 'settings.yaml')), longestYaml),
  ofTexts('filters', 4, ['c1 -recv', 'failed', '! s1 "x"', 'ECONNRESET', '-'], filtered),
  ofTexts(
    '/etc/services',
    10,
    ['http 80/tcp www # x\n', 'domain\t53/udp\n'],
    text => void parseServices(text),
  ),
  sessions,
  brokenSessions,
];
