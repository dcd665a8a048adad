import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const projectFolder = resolve(import.meta.dirname, '../..');
let folder = '';

beforeEach(() => {
  // Inside the project, so that vitest is found from there.
  mkdirSync(join(projectFolder, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/reporter-'));
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `import { plainReporter } from ${JSON.stringify(join(projectFolder, 'scripts/plain-reporter.ts'))};
export default { test: { include: ['*.test.ts'], exclude: [], reporters: ['default', plainReporter()] } };`,
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (files: Record<string, string>) => {
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(
      join(folder, `${name}.test.ts`),
      `import { beforeAll, expect, test } from 'vitest';\n${body}`,
    );
  }
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
  const { stdout, status } = spawnSync(process.execPath, [vitest, 'run'], { cwd: folder, encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1), status };
};

test('counts what passed and what was skipped', () => {
  const body = `test('a', () => expect(1).toBe(1)); test.skip('b', () => {}); test.todo('c');`;
  expect(run({ one: body, two: `test('d', () => {})` })).toEqual({
    last: '2 passed, 0 failed, 2 skipped',
    status: 0,
  });
});

test('counts failed tests, files that do not load, hooks that throw and errors nobody caught', () => {
  const result = run({
    fails: `test('a', () => expect(1).toBe(2)); test('b', () => {})`,
    broken: `import './missing.ts'; test('c', () => {})`,
    hook: `beforeAll(() => { throw new Error('hook') }); test('d', () => {})`,
    uncaught: `test('e', () => { setTimeout(() => { throw new Error('later') }) ; return new Promise(r => setTimeout(r, 50)) })`,
  });
  expect(result.last).toBe('2 passed, 4 failed, 1 skipped');
  expect(result.status).toBe(1);
});
