import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle, bundleAlone, projectFolder, writeWhole } from './bundle.ts';
import { flagsOf } from './flags.ts';
import { licencesOf } from './licences.ts';

process.chdir(projectFolder);

const entry = 'source/cli.tsx';
const outfile = 'dist/sockbench.js';
/** What bin/load.cjs starts without the rest. It holds no package. */
const alone = { entry: 'source/cli/looking/why-alone.ts', outfile: 'dist/why.cjs' };
const parts = 'dist/parts';
/** A program that runs still loads the parts of the build that it came from. */
const partsKept = 60 * 60 * 1000;
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

const { values } = flagsOf({
  options: { stale: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false } },
});

const removeOldParts = ({ outputs }: Metafile): void => {
  for (const name of readdirSync(parts)) {
    const file = `${parts}/${name}`;
    if (!(file in outputs) && Date.now() - modified(file) > partsKept) rmSync(file);
  }
};

/** Bundles and gathers licences; esbuild has already said what is wrong where it fails. */
const build = async (): Promise<void> => {
  const started = performance.now();
  await bundleAlone(alone);
  const metafile = await bundle({ entry, outfile });
  removeOldParts(metafile);
  writeWhole('dist/THIRD-PARTY.txt', licencesOf(metafile));
  for (const lab of readdirSync(labs.from))
    writeWhole(join(labs.to, lab), readFileSync(join(labs.from, lab)));
  if (values.quiet) return;
  const sizes = Object.values(metafile.outputs).map(({ bytes }) => bytes);
  const size = (sizes.reduce((sum, bytes) => sum + bytes, 0) / 1024).toFixed(0);
  console.error(
    `${outfile} and ${sizes.length - 1} parts: ${size} KiB in ${(performance.now() - started).toFixed(0)} ms`,
  );
};

if (!values.stale || modified(outfile) <= Math.max(...inputs.map(newest))) {
  try {
    await build();
  } catch (error) {
    if (!(error instanceof Error && 'errors' in error)) throw error;
    process.exitCode = 1;
  }
}
