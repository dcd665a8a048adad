import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-payload-'));
const file = (name: string): string => join(folder, name);
const program = join(projectFolder, 'bin/sockbench.cjs');
const isLinux = process.platform === 'linux';

beforeAll(() => {
  ensureBuilt();
  chmodSync(folder, 0o755);
  writeFileSync(file('closed'), 'secret', { mode: 0 });
  writeFileSync(file('large'), '');
  truncateSync(file('large'), 5 * 2 ** 30);
  writeFileSync(
    file('lab.yaml'),
    `lab: pipe\ntitle: { en: A pipe, zh: 管道 }\nstages:\n  - say: { en: Send., zh: 发。 }\n    do: |\n      c1 = socket\n      c1.send file"${file('pipe')}"\n`,
  );
  if (isLinux) execFileSync('mkfifo', [file('pipe')]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The built program; a first word is read by a shell, so that `<(command)` is a pipe. */
const ended = async (command: string, args: readonly string[], uid?: number) => {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: '' },
    ...(uid ? { uid, gid: uid } : {}),
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number | null, out, err };
};

const sending = (path: string): string[] => [program, 'run', '-e', 'c1 = socket', `c1.send file"${path}"`];

describe('sockbench run refuses a payload without an end in one sentence, and ends', () => {
  test.runIf(isLinux).each([
    ['a pipe that nobody writes into', file('pipe'), /this is a pipe/],
    ['a device without an end', '/dev/zero', /another device/],
    ['a file of 5 GiB', file('large'), /more than 1GiB/],
    ['a folder', folder, /this is a folder/],
  ])('%s', async (_, path, message) => {
    const { code, err } = await ended(process.execPath, ['--max-old-space-size=200', ...sending(path)]);
    expect(err).toMatch(message);
    expect(err.split('\n').filter(line => line.includes('cannot be read'))).toHaveLength(1);
    expect(code).toBe(2);
  });

  test.runIf(process.getuid?.() === 0)('a file that another user may not read', async () => {
    const { code, err } = await ended(process.execPath, sending(file('closed')), 65_534);
    expect(err).toMatch(/you may not read it \(EACCES\)/);
    expect(code).toBe(2);
  });

  test.runIf(isLinux)('a lab that names a pipe, before it runs', async () => {
    const { code, out, err } = await ended(process.execPath, [program, 'run', file('lab.yaml')]);
    expect(err).toMatch(/lab\.yaml:7:7: .*this is a pipe/);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

test.runIf(isLinux)(
  'a lab and a session may come through a pipe of a shell, and a device is neither',
  async () => {
    const shell = (line: string) =>
      ended('bash', ['-c', `exec "$0" "$1" ${line}`, process.execPath, program]);
    const lab = join(projectFolder, 'source/labs/built-in/tour.yaml');
    expect(await shell(`run <(sleep 0.1; cat "${lab}") --json >/dev/null`)).toMatchObject({ code: 0 });
    for (const line of ['export /dev/zero --to lab', '--config /dev/zero keys', 'run /dev/zero'])
      expect(await shell(line)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/another device|a pipe or a device/),
      });
  },
);
