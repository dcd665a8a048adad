import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProgressKeeper } from '../../source/cli/labs/progress-keeper.ts';
import { changeProgress, forgotten, nothingDone, readProgress } from '../../source/settings/progress.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-progress-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileIn = () => join(folder, 'state', 'progress.json');

const left = { stage: 2, round: 0, line: 4 };

test('nothing is done where there is no file', async () => {
  expect(await readProgress(fileIn())).toEqual({ progress: nothingDone, trouble: '' });
});

test('a lab that was left is kept, and at its end it is done; only its owner reads the file', async () => {
  const keeper = createProgressKeeper(fileIn());
  expect(await keeper.keep('tour', left)).toBe('');
  expect((await keeper.read()).progress).toEqual({ done: {}, at: { lab: 'tour', ...left } });
  await keeper.keep('tour', null);
  const { progress } = await keeper.read();
  expect(progress).toEqual({ done: { tour: expect.stringMatching(/^\d{4}-/) }, at: null });
  expect(statSync(fileIn()).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(folder, 'state'))).toEqual(['progress.json']);
});

test('the end of another lab leaves where one stopped', async () => {
  const keeper = createProgressKeeper(fileIn());
  await keeper.keep('backlog', left);
  await keeper.keep('tour', null);
  expect((await keeper.read()).progress.at).toEqual({ lab: 'backlog', ...left });
});

test('two that write at once lose nothing', async () => {
  const keepers = [createProgressKeeper(fileIn()), createProgressKeeper(fileIn())];
  const names = Array.from({ length: 10 }, (_, n) => `lab-${n}`);
  await Promise.all(names.map((name, n) => keepers[n % 2]!.keep(name, null)));
  expect(Object.keys((await readProgress(fileIn())).progress.done).sort()).toEqual(names);
});

test.each([
  ['{"done":', 'no JSON'],
  ['{"done":{"tour":"yesterday"},"at":null}', 'no time'],
  ['[]', 'a list'],
])('%s: what does not say it is told of and kept beside a new one', async text => {
  await changeProgress(fileIn(), () => nothingDone);
  writeFileSync(fileIn(), text);
  const { progress, trouble } = await readProgress(fileIn());
  expect(progress).toEqual(nothingDone);
  expect(trouble).toContain(`${fileIn()} does not say which labs are done`);
  expect(readFileSync(fileIn(), 'utf8')).toBe(text);
  const { ok, said } = await changeProgress(fileIn(), () => ({ done: {}, at: { lab: 'tour', ...left } }));
  expect(ok).toBe(true);
  const [aside] = readdirSync(join(folder, 'state')).filter(name => name.includes('broken'));
  expect(said).toContain(join(folder, 'state', aside!));
  expect(readFileSync(join(folder, 'state', aside!), 'utf8')).toBe(text);
  expect((await readProgress(fileIn())).trouble).toBe('');
});

test('where nothing can be written it is said', async () => {
  writeFileSync(join(folder, 'state'), 'a file in place of the folder');
  const { ok, said } = await changeProgress(fileIn(), () => nothingDone);
  expect(ok).toBe(false);
  expect(said).toContain('could not be kept');
});

test('one lab is forgotten, or all', () => {
  const when = '2026-01-01T00:00:00.000Z';
  const progress = { done: { tour: when, backlog: when }, at: { lab: 'backlog', ...left } };
  expect(forgotten(progress, 'tour')).toEqual({ ...progress, done: { backlog: when } });
  expect(forgotten(progress, 'backlog')).toEqual({ done: { tour: when }, at: null });
  expect(forgotten(progress, null)).toEqual(nothingDone);
});
