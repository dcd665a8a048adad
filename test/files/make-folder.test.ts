import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../../source/files/make-folder.ts';

const own = mkdtempSync(join(tmpdir(), 'sockbench-folder-'));
afterAll(() => rmSync(own, { recursive: true, force: true }));

test('is made with those above it, for its owner alone, and may be there', async () => {
  const folder = join(own, 'a', 'b');
  await makeFolder(folder);
  await makeFolder(folder);
  for (const path of [folder, join(own, 'a')]) expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('is not made where something else is in the way', async () => {
  await expect(makeFolder('/dev/null/a/b')).rejects.toMatchObject({ code: 'ENOTDIR' });
});

const readOnly = ['-m', 'sh', '-c', 'mount -t tmpfs -o ro tmpfs /mnt && exec "$@"', 'sh'];
const canMount = spawnSync('unshare', [...readOnly, 'true']).status === 0;

test.runIf(canMount)('of a file system that is read-only it is said that it is (EROFS)', () => {
  const script = `
    const { makeFolder } = await import(${JSON.stringify(join(import.meta.dirname, '../../source/files/make-folder.ts'))});
    for (const folder of ['/mnt/a', '/mnt/a/b/c']) await makeFolder(folder).catch(error => console.log(error.code));`;
  const words = [process.execPath, '--input-type=module', '-e', script];
  const { stdout } = spawnSync('unshare', [...readOnly, ...words], { encoding: 'utf8' });
  expect(stdout).toBe('EROFS\nEROFS\n');
});
