import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parseCall, parseLine } from '../../source/core/language/line.ts';
import { readMessageText } from '../../source/core/language/message-text.ts';
import { projectFolder } from '../e2e/terminal.ts';
import { readDocument } from './readme.ts';

const page = readDocument('docs/messages.md');

it('docs/messages.md has the table of values', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/message-docs.ts', '--check'], {
    cwd: projectFolder,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

it('every line of docs/messages.md is read', () => {
  const [, block = ''] = /```\n([\s\S]*?)```/.exec(page) ?? [];
  const lines = block.trim().split('\n');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(parseCall(line), line).toMatchObject({ ok: true });
  const others = [...page.matchAll(/`(c1\.recv[^`]*)`/g)].map(match => match[1]!);
  for (const line of others) expect(parseLine(line), line).toMatchObject({ ok: true });
});

it('every value that docs/messages.md names is one', () => {
  const named = [...page.matchAll(/`(\\\{[^`{}]+\})`/g)].map(match => match[1]!);
  expect(named.length).toBeGreaterThan(20);
  for (const text of named) expect(readMessageText(text), text).toMatchObject({ ok: true });
});
