import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const mark = 'sockbench-python-';

/**
 * The first python3 on the PATH may be a script that looks for the right one each time, for half a second: it is asked once,
 * and every test of the run starts what it found.
 */
export default (): (() => void) | undefined => {
  // Each project of vitest.config.ts comes here.
  if (process.env.PATH?.includes(mark)) return undefined;
  const { status, stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), mark));
  symlinkSync(stdout.trim(), join(folder, 'python3'));
  process.env.PATH = [folder, process.env.PATH].join(delimiter);
  return () => rmSync(folder, { recursive: true });
};
