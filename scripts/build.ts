import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, projectFolder, writeWhole } from './bundle.ts';
import { licencesOf } from './licences.ts';

process.chdir(projectFolder);

const entry = 'source/cli.tsx';
const outfile = 'dist/sockbench.js';
/** The built-in labs stay files: they are read one at a time, and people copy them. */
const labs = { from: 'source/labs/built-in', to: 'dist/labs' };
const inputs = ['source', 'scripts/bundle.ts', 'scripts/build.ts', 'package.json', 'package-lock.json'];

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** When the newest of what the bundle is made from was last changed, folders too: a file may have been removed. */
const newest = (path: string): number => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))));
};

const { values } = parseArgs({
  options: { stale: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false } },
});

/** Bundles and gathers licences; esbuild has already said what is wrong where it fails. */
const build = async (): Promise<void> => {
  const started = performance.now();
  const metafile = await bundle({ entry, outfile });
  writeWhole('dist/THIRD-PARTY.txt', licencesOf(metafile));
  for (const lab of readdirSync(labs.from))
    writeWhole(join(labs.to, lab), readFileSync(join(labs.from, lab)));
  if (values.quiet) return;
  const size = (statSync(outfile).size / 1024).toFixed(0);
  console.error(`${outfile}: ${size} KiB in ${(performance.now() - started).toFixed(0)} ms`);
};

if (!values.stale || modified(outfile) <= Math.max(...inputs.map(newest))) {
  try {
    await build();
  } catch (error) {
    if (!(error instanceof Error && 'errors' in error)) throw error;
    process.exitCode = 1;
  }
}
