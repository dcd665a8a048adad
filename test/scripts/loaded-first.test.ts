import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle, projectFolder } from '../../scripts/bundle.ts';

/** What a session may never need, each milliseconds to load. Ink lays nothing out: what does is in no part at all. */
const late = ['zod', 'yaml', 'yoga-layout', 'node:crypto', 'node:tls', 'node:readline'];
/** What is not imported at all: to import it is to read all that it has (scripts/plain-builtins.ts). */
const asRequired = ['node:process', 'node:util'];

let folder = '';
let outputs: Metafile['outputs'] = {};

beforeAll(async () => {
  folder = mkdtempSync(join(projectFolder, 'node_modules/.cache-loaded-first-'));
  ({ outputs } = await bundle({ entry: 'source/cli.tsx', outfile: join(folder, 'sockbench.js') }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The part that a source file is the entry of, and all that is loaded with it. */
const loadedWith = (entry: string): Set<string> => {
  const first = Object.keys(outputs).find(path => outputs[path]!.entryPoint === entry);
  if (first === undefined) throw new Error(`no part begins with ${entry}`);
  const loaded = new Set([first]);
  for (const path of loaded)
    for (const { kind, path: imported } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') loaded.add(imported);
  return loaded;
};

const packageOf = (input: string): string => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? '';

/** Packages, and Node's own modules. */
const namesIn = (parts: Iterable<string>): string[] =>
  [...parts].flatMap(part => (outputs[part] ? Object.keys(outputs[part].inputs).map(packageOf) : [part]));

test.each([
  'source/cli.tsx',
  'source/cli/screen/workbench.tsx',
  'source/cli/sessions/run-replay.ts',
  'source/cli/looking/run-watch.ts',
  'source/cli/tracing/trace-screen.ts',
])('what a frame can do without is not loaded with %s', entry => {
  const names = new Set(namesIn(loadedWith(entry)));
  expect([...late, ...asRequired].filter(name => names.has(name))).toEqual([]);
});

test.each(['source/cli/looking/look-worker.ts'])(
  'a thread is one file, without what it can do without: %s',
  entry => {
    const file = Object.keys(outputs).find(
      path => outputs[path]!.entryPoint === entry && path.endsWith('.cjs'),
    )!;
    const { imports, inputs } = outputs[file]!;
    expect(imports.filter(({ external }) => !external)).toEqual([]);
    const packages = Object.keys(inputs).map(packageOf);
    expect(['ink', 'react', ...late].filter(name => packages.includes(name))).toEqual([]);
    // The bundle starts that file.
    const started = Object.keys(outputs).filter(
      path =>
        !path.endsWith('.cjs') &&
        readFileSync(join(projectFolder, path), 'utf8').includes(`./${basename(file)}`),
    );
    expect(started).toHaveLength(1);
  },
);

test('is told where it is: the screen is drawn with Ink, settings are read with zod', () => {
  expect(namesIn(loadedWith('source/cli/screen/workbench.tsx'))).toEqual(
    expect.arrayContaining(['ink', 'node:net']),
  );
  expect(namesIn(loadedWith('source/settings/settings-file.ts'))).toEqual(
    expect.arrayContaining(['zod', 'yaml']),
  );
});
