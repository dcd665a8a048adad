import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultCaps } from '../../source/core/model/journal.ts';
import { mostSenders } from '../../source/core/model/relay-limits.ts';
import { spoolCap } from '../../source/formats/spool.ts';
import { projectFolder } from '../e2e/terminal.ts';
import { readDocument } from './readme.ts';

const page = readDocument('docs/security.md');

const promises = [...page.matchAll(/^\| (.+?) \|.*`(test\/[^`]+)`: (.+) \|$/gm)].map(
  ([, promise = '', file = '', name = '']) => ({ promise, file, name }),
);

/** Names of tests and of groups of them, as they stand in a file: quoted, escaped where they hold the quote. */
const namesIn = (file: string): string[] =>
  [
    ...readFileSync(join(projectFolder, file), 'utf8').matchAll(
      /(?<=[(,:]\s*)(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1/g,
    ),
  ].map(([, , name = '']) => name.replaceAll('\\', ''));

test('each row of docs/security.md names a test', () => {
  const bodies = page.split('\n').filter(line => /^\| /.test(line) && !/^\| (promise|bound|---) /.test(line));
  expect(bodies.length).toBeGreaterThan(20);
  expect(promises.length).toBe(bodies.length);
});

test.each(promises)('$promise', ({ file, name }) => {
  expect(existsSync(join(projectFolder, file)), file).toBe(true);
  expect(namesIn(file)).toContain(name);
});

test('the numbers are those of the code', () => {
  const { entries, bytes } = defaultCaps;
  for (const number of [
    entries.toLocaleString('en'),
    `${bytes >> 20} MiB`,
    `${spoolCap / 1024 ** 3} GiB`,
    `| ${mostSenders} |`,
  ])
    expect(page).toContain(number);
});
