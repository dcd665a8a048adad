import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** What `npm run types` reads. */
const checked = ['source', 'test', 'scripts', 'tsconfig.json', 'vitest.config.ts', 'package.json'];

const run = promisify(execFile);

/** tsc exits with 2 where it found errors, and they stand on standard output. */
const compile = async (folder: string): Promise<string> => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = { cwd: folder, maxBuffer: 64 << 20 };
  try {
    return (await run(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], options)).stdout;
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return stdout;
  }
};

const declaration = /^(?:export )?(?:default )?(?:async )?(?:const|let|function|class|type) ([\w$]+)/;

/** The name that stands at the left margin above a line: unlike the line's number, it outlives other changes. */
const enclosing = (lines: readonly string[], line: number): string =>
  lines
    .slice(0, line)
    .map(text => declaration.exec(text)?.[1])
    .findLast(name => name !== undefined) ?? '(top)';

const placesOf = async (folder: string, output: string): Promise<string> => {
  const places = new Set<string>();
  for (const [, file = '', line = ''] of output.matchAll(/^(\S+)\((\d+),\d+\): error TS/gm)) {
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
    places.add(`${file} ${enclosing(lines, Number(line))}`);
  }
  return [...places]
    .sort()
    .map(place => `${place}\n`)
    .join('');
};

/** Where the type checker complains once a patch is applied to a copy: `FILE NAME` a line. */
export const typeErrorsAfter = async (patch: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sockbench-experiment-'));
  try {
    for (const part of checked) await cp(join(root, part), join(folder, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    execFileSync('git', ['apply', '-C1', patch], { cwd: folder, stdio: 'pipe' });
    return await placesOf(folder, await compile(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
