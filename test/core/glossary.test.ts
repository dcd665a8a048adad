import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandTable } from '../../source/commands/calling/table.ts';
import { policies } from '../../source/core/model/names.ts';
import { rowState } from '../../source/core/model/proc-net.ts';
import { type ErrorCode, errorTable } from '../../source/core/words/error-table.ts';
import { explainCode } from '../../source/core/words/errors.ts';
import { glossary } from '../../source/core/words/glossary.ts';
import { labNames } from '../../source/labs/catalogue.ts';
import { projectFolder } from '../e2e/terminal.ts';

const terms = [...glossary];

test('every state that ss writes, every policy and every error that is explained is a word', () => {
  const states = Array.from({ length: 12 }, (_, code) => rowState(code + 1, code % 2 === 0));
  const codes = (Object.keys(errorTable) as ErrorCode[]).filter(code => explainCode(code));
  expect(codes.length).toBeGreaterThan(40);
  expect([...states, ...policies, ...codes].filter(word => !glossary.has(word))).toEqual([]);
});

test.each(terms)('%s has two sentences', (_, { says }) => {
  expect(says.match(/\.(?= |$)/g)).toHaveLength(2);
  expect(says).not.toMatch(/[{}]|\.\.|undefined/);
});

test('every lab that shows a word is there, and an error code or its Python class stands in it', async () => {
  const names = await labNames();
  expect(terms.filter(([, { lab }]) => !names.includes(lab))).toEqual([]);
  const shown = terms.filter(([word, { near }]) => word in errorTable && !near);
  expect(shown.length).toBeGreaterThan(15);
  const unshown = shown.filter(([word, { lab }]) => {
    const text = readFileSync(join(projectFolder, `source/labs/built-in/${lab}.yaml`), 'utf8');
    const [, python] = errorTable[word as ErrorCode];
    return !text.includes(word) && !text.includes(`=> ${python.split('.').at(-1)}`);
  });
  expect(unshown.map(([word]) => word)).toEqual([]);
});

test('what changes a word is a command', () => {
  const ids = new Set(commandTable.map(({ id }) => id));
  expect(terms.flatMap(([, { changes = [] }]) => changes).filter(id => !ids.has(id))).toEqual([]);
});
