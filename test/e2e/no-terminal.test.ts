import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt, projectFolder } from './terminal.ts';

beforeAll(ensureBuilt);

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(projectFolder, 'bin/sockbench.cjs'), ...args], {
    encoding: 'utf8',
    input: '',
  });

test.each([[[]], [['listen', '127.0.0.1:0']], [['connect', '127.0.0.1:1']]])(
  'the workbench without a terminal (%j) says so, names sockbench run, and exits 2',
  args => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/no terminal.*sockbench run/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  },
);

test('an unknown command and an unknown flag are named, and exit 2', () => {
  expect(run('lissten')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('lissten') });
  expect(run('--colour')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('--colour'),
  });
});

test('--version is what package.json says, --help goes to standard output', () => {
  expect(run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(run('--version').stdout).not.toBe('0.0.0\n');
  expect(run('--help')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('listen') });
});

test('lines without a screen', () => {
  const { status, stdout } = run('run', '-e', 's1 = socket', 's1.getpeername => ENOTCONN');
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed, 0 skipped');
  expect(status).toBe(0);
});
