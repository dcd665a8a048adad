import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { latePatterns } from './late-patterns.ts';
import { plainBuiltins } from './plain-builtins.ts';

export const projectFolder = resolve(import.meta.dirname, '..');

/** What is bundled: its entry and where that is written, from the project's folder; tests put in parts of their own with `plugins`. */
export type BundleOptions = {
  readonly entry: string;
  readonly outfile: string;
  /** What is bundled in place of a package; none for a program that Ink draws. */
  readonly standIns?: Readonly<Record<string, string>>;
  readonly plugins?: readonly Plugin[];
};

/**
 * CommonJS packages inside an ES module still call `require` for Node's own modules; `module.createRequire`
 * is the documented way to have one (Node docs, module.createRequire).
 */
const banner = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

const versionOf = (packageFile: string): string => {
  const parsed: { version: string } = JSON.parse(readFileSync(packageFile, 'utf8'));
  return parsed.version;
};

/** Written under another name first, so that a program starting meanwhile never reads half a file. */
export const writeWhole = (file: string, contents: Uint8Array | string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, file);
};

/** What both kinds of bundles have: koffi stays outside, since it brings native code and is optional; names are kept for bug reports. */
const shared = {
  absWorkingDir: projectFolder,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node22.12',
  external: ['koffi'],
  minifyWhitespace: true,
  minifySyntax: true,
  // Node prints the line where an error was thrown: it should fit a screen.
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * What runs in a thread of its own, by the variable that names its file in a bundle: a thread has none of what a start from
 * bin/load.cjs makes of parts, and is there in half the time where it is one file.
 */
const threads = {
  SOCKBENCH_LOOKS: 'source/cli/looking/look-worker.ts',
} as const;

/** A file of CommonJS each, beside the parts. */
const bundleThreads = async (outdir: string) => {
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints: Object.values(threads),
    outdir,
    entryNames: 'parts/[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    // A worker takes a path as well (Node docs, new Worker).
    define: { 'import.meta.url': '__filename' },
  });
  for (const file of outputFiles) writeWhole(file.path, file.contents);
  const fileOf = (entry: string) =>
    Object.keys(metafile.outputs).find(path => metafile.outputs[path]!.entryPoint === entry)!;
  const names = Object.entries(threads).map(
    ([name, entry]) => [`process.env.${name}`, JSON.stringify(`./${basename(fileOf(entry))}`)] as const,
  );
  return { outputs: metafile.outputs, define: Object.fromEntries(names) };
};

/**
 * Bundles a program and says what went into it: what it imports with `import()`, and what that shares, come in files of
 * their own under `parts`, so that a start reads only what it runs (half of 3.6 MB before the first frame).
 */
export const bundle = async ({
  entry,
  outfile,
  standIns = { 'yoga-layout': './scripts/no-layout.ts' },
  plugins = [],
}: BundleOptions): Promise<Metafile> => {
  const beside = await bundleThreads(dirname(outfile));
  const isEntry = (path: string) => path === resolve(projectFolder, outfile);
  const result = await build({
    ...shared,
    entryPoints: [entry],
    outdir: dirname(outfile),
    entryNames: basename(outfile, extname(outfile)),
    chunkNames: 'parts/[name]-[hash]',
    outExtension: { '.js': extname(outfile) },
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    banner: { js: banner },
    define: {
      ...beside.define,
      'process.env.NODE_ENV': '"production"',
      // Where Ink lays out, Yoga would load its WebAssembly through fetch, which costs 30 ms to set up; without it it decodes base64.
      fetch: 'undefined',
      'process.env.SOCKBENCH_VERSION': JSON.stringify(versionOf(join(projectFolder, 'package.json'))),
    },
    alias: { 'react-devtools-core': './scripts/no-devtools.ts', ...standIns },
    plugins: [latePatterns, plainBuiltins, ...plugins],
  });
  // The entry last: who finds it finds its parts.
  const files = result.outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)));
  for (const file of files) writeWhole(file.path, file.contents);
  return { ...result.metafile, outputs: { ...beside.outputs, ...result.metafile.outputs } };
};

/** Bundles a program of few parts as one file of CommonJS, which Node starts sooner than modules. */
export const bundleAlone = async ({ entry, outfile }: BundleOptions): Promise<void> => {
  const result = await build({
    ...shared,
    entryPoints: [entry],
    outfile,
    format: 'cjs',
    // createRequire takes a path as well (Node docs, module.createRequire).
    define: { 'import.meta.url': '__filename' },
  });
  for (const file of result.outputFiles) writeWhole(file.path, file.contents);
};
