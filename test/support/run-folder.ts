import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { guardFolder } from './started.ts';

const mark = 'sockbench-run-';

/** Compiled code of what is started again and again: of a file of TypeScript two thirds of the time until it runs. */
const compiled = join(import.meta.dirname, '../../node_modules/.cache/sockbench-test/compiled');

/**
 * A folder of this run's own, first on the PATH of all that tests start: that ends with the run, also where the run is killed.
 *
 * In it is python3. The first one on the PATH may be a script that looks for the right one each time, for half a second: it is
 * asked once, and every test starts what it found.
 */
export default (project: TestProject): void => {
  // Each project of vitest.config.ts comes here.
  if (process.env.PATH?.includes(mark)) return;
  const { status, stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  });
  const folder = mkdtempSync(join(tmpdir(), mark));
  guardFolder(folder);
  if (status === 0) symlinkSync(stdout.trim(), join(folder, 'python3'));
  process.env.NODE_COMPILE_CACHE ??= compiled;
  process.env.SOCKBENCH_RUN_FOLDER = folder;
  // A watcher runs tests again because a source has changed.
  project.onTestsRerun(() => rmSync(join(folder, 'built'), { force: true }));
  process.env.PATH = [folder, process.env.PATH].join(delimiter);
};
