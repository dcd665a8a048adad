import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesFormat, exportNames } from '../../source/core/model/exports.ts';
import { labNames } from '../../source/labs/catalogue.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { films } from '../screenshots/films.ts';
import { readDocument, wordsOf } from './readme.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(projectFolder, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
];

/** Help of the program, or of one of its commands; what it cannot know it refuses. */
const helpOf = (command: string): string => {
  ensureBuilt();
  const args = [join(projectFolder, 'bin/sockbench.cjs'), ...(command === '' ? [] : [command]), '--help'];
  return execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, COLUMNS: '200' } });
};

const help = helpOf('');
const commands = [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm)].map(
  match => match[1]!,
);
const flagsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w-])--?\w[\w-]*/g)].map(match => match[0]);
const helps = new Map(['', ...commands].map(name => [name, helpOf(name)]));

/** Command lines in code spans and blocks: what stands behind `sockbench`, or behind `npm start --`. */
const commandLines = (text: string): string[] => [
  ...[...text.matchAll(/`sockbench( [^`]*)?`/g)].map(match => match[1] ?? ''),
  ...[...text.matchAll(/^sockbench( .*)?$/gm)].map(match => match[1] ?? ''),
  ...[...text.matchAll(/npm start (?:-s )?--( [^`\n]*)/g)].map(match => match[1]!),
];

const isCapital = (word: string): boolean => /^[A-Z][A-Za-z-]*(?:\.\.\.)?$/.test(word);

/** What of a command line the program does not have. */
const strangeIn = (line: string): string[] => {
  // Behind -- stands another program, with flags of its own.
  const words = wordsOf(line.split(' -- ')[0]!);
  const name = words.find(word => commands.includes(word)) ?? '';
  const known = new Set(flagsIn(`${help} ${helps.get(name)}`));
  const flags = words.filter(word => word.startsWith('-') && word !== '-').filter(flag => !known.has(flag));
  const first = words[0];
  const unknown =
    name === '' && first !== undefined && !first.startsWith('-') && !isCapital(first) ? [first] : [];
  return [...flags, ...unknown].map(word => `sockbench${line}: ${word}`);
};

describe.each(documents)('%s', file => {
  const text = readDocument(file);

  test('links to what is there', () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(match => match[1]!);
    const relative = targets.filter(target => !/^[a-z]+:/.test(target));
    const missing = relative.filter(target => !existsSync(join(projectFolder, dirname(file), target)));
    expect(missing).toEqual([]);
  });

  test('names files that are there', () => {
    const named = [...text.matchAll(/`((?:source|test|scripts|docs|bin|screenshots)\/[\w./-]+)`/g)].map(
      match => match[1]!,
    );
    const real = named.filter(path => !path.includes('NAME'));
    expect(real.filter(path => !existsSync(join(projectFolder, path)))).toEqual([]);
  });

  test('names scripts that npm has', () => {
    const { scripts } = JSON.parse(readDocument('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run ([\w-]+)/g)].map(match => match[1]!);
    expect(named.filter(name => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('gives command lines that the program has', () => {
    expect(commandLines(text).flatMap(strangeIn)).toEqual([]);
  });
});

describe('README.md', () => {
  const text = readDocument('README.md');
  const given = commandLines(text);

  test('gives command lines at all', () => expect(given.length).toBeGreaterThan(15));

  test('has every command and every flag of the help', () => {
    expect(commands.filter(name => !given.some(line => wordsOf(line)[0] === name))).toEqual([]);
    const missing = flagsIn(help.slice(help.indexOf('Options:'), help.indexOf('Commands:'))).filter(
      flag => flag.startsWith('--') && !text.includes(flag),
    );
    expect(missing).toEqual([]);
  });

  test('has every format of export, and no other', () => {
    const table = /\| `--to` \| writes \|\n.*\n((?:\|.*\n)+)/.exec(text)![1]!;
    const named = [...table.matchAll(/^\| `(\w+)`/gm)].map(match => match[1]!);
    expect(named.sort()).toEqual([...exportNames, bytesFormat].sort());
  });

  test('runs labs that there are', async () => {
    const names = await labNames();
    const run = given.filter(line => /^ run [a-z]/.test(line)).flatMap(line => wordsOf(line).slice(1));
    expect(run.length).toBeGreaterThan(0);
    expect(run.filter(name => !names.includes(name))).toEqual([]);
  });

  test('says what it is for, asks the question, shows a moving picture, and gives the two commands', () => {
    const [head = ''] = text.split('\n## ');
    const order = [
      'See which call is blocked, since when, and on whom.',
      'My server hangs: why?',
      ...films.map(({ name }) => `(screenshots/${name}.svg)`),
      '```\nnpm ci && npm start\nnpm ci && npm test\n```',
    ].map(part => head.indexOf(part));
    expect(order).toEqual(order.filter(at => at > 0).sort((a, b) => a - b));
    expect(text.split('\n## ')[1]).toMatch(/^Five minutes\n/);
  });

  test('is short', () => expect(text.split('\n').length).toBeLessThanOrEqual(181));

  test('leads to every page of docs', () => {
    const pages = documents.filter(file => file.startsWith('docs/'));
    const reached = new Set(['README.md']);
    for (const file of reached)
      for (const [, target] of readDocument(file).matchAll(/\]\(([^)#\s]+\.md)/g))
        if (!/^[a-z]+:/.test(target!)) reached.add(join(dirname(file), target!));
    expect(pages.filter(file => !reached.has(file))).toEqual([]);
  });
});
