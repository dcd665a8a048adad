import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What each folder of source/ may import from, besides itself. cli.tsx and its folder see everything. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  drivers: ['core'],
  formats: ['core'],
  files: ['core'],
  settings: ['files', 'core'],
  bench: ['core'],
  commands: ['bench', 'core'],
  labs: ['commands', 'bench', 'files', 'core'],
  ui: ['commands', 'bench', 'core'],
  traces: ['core'],
  zh: ['core'],
  cli: ['zh', 'ui', 'labs', 'traces', 'commands', 'bench', 'drivers', 'formats', 'settings', 'files', 'core'],
};

const longest = 300;
const longestFunction = 60;
/** More files than this in one folder are not one subject. Labs are data: any number of them. */
const fullest = 40;
const network = /^(node:)?(net|dgram|dns|tls|http)(\/|$)/;
const react = /^(react|ink|zustand)(\/|$)/;

/** Node's own parts that are not documented: handles, and what hangs on them. */
const privateAccess =
  /\._handle\b|\b_createServerHandle\b|process\.binding\b|\._(?:server|connecting|events)\b/;

type SourceFile = { readonly path: string; readonly folder: string; readonly text: string };

const source = join(import.meta.dirname, '../source');

const files: SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => /\.tsx?$/.test(path))
  .map(path => ({
    path,
    folder: path.includes('/') ? path.slice(0, path.indexOf('/')) : '',
    text: readFileSync(join(source, path), 'utf8'),
  }));

/** What a file names in `import`, `export ... from`, `import()` and getBuiltinModule. */
const importsOf = (text: string): string[] =>
  [
    ...text.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\b(?:import|require|getBuiltinModule)\s*\(\s*['"`]([^'"`]+)['"`]/g),
  ].map(match => match[1]!);

/** The folder of source/ that a relative import leads to; '' for source/ itself, undefined for packages. */
const folderOf = (file: SourceFile, specifier: string): string | undefined => {
  if (!specifier.startsWith('.')) return undefined;
  const target = normalize(join(dirname(file.path), specifier)).replaceAll('\\', '/');
  return target.includes('/') ? target.slice(0, target.indexOf('/')) : '';
};

const wrongDirections = (file: SourceFile): string[] =>
  importsOf(file.text).filter(specifier => {
    const folder = folderOf(file, specifier);
    return folder !== undefined && folder !== file.folder && !mayImport[file.folder]?.includes(folder);
  });

const offending = (rule: (file: SourceFile) => readonly unknown[] | boolean): string[] =>
  files.flatMap(file => {
    const found = rule(file);
    if (typeof found === 'boolean') return found ? [file.path] : [];
    return found.map(what => `${file.path}: ${what}`);
  });

const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

describe('the house', () => {
  test('is found', () => expect(files.length).toBeGreaterThan(20));

  test('imports point one way: ui -> commands -> bench -> core', () => {
    expect(offending(file => (file.folder === '' ? [] : wrongDirections(file)))).toEqual([]);
  });

  test('nothing but cli.tsx stands outside the folders', () => {
    expect(offending(file => file.folder === '' && file.path !== 'cli.tsx')).toEqual([]);
  });

  test('core imports nothing but core', () => {
    const outside = (file: SourceFile) =>
      importsOf(file.text).filter(specifier => folderOf(file, specifier) !== 'core');
    expect(offending(file => (file.folder === 'core' ? outside(file) : []))).toEqual([]);
  });

  test('core has no clock and no chance', () => {
    const clock = /\b(?:Date\.now|new Date\(\)|performance\.now|setTimeout|setInterval|Math\.random)\b/;
    expect(offending(file => file.folder === 'core' && clock.test(code(file.text)))).toEqual([]);
  });

  test('only drivers open sockets', () => {
    const opens = (file: SourceFile) => importsOf(file.text).filter(specifier => network.test(specifier));
    expect(offending(file => (file.folder === 'drivers' ? [] : opens(file)))).toEqual([]);
  });

  test("Node's private parts are touched in one file", () => {
    const rule = (file: SourceFile) =>
      file.path !== 'drivers/node/private-node.ts' && privateAccess.test(code(file.text));
    expect(offending(rule)).toEqual([]);
  });

  test('only an entry ends the process', () => {
    const entries = ['cli.tsx', 'cli/looking/why-alone.ts'];
    expect(
      offending(file => !entries.includes(file.path) && /\bprocess\.exit\(/.test(code(file.text))),
    ).toEqual([]);
  });

  test('only cli/print.ts writes to standard output and standard error', () => {
    const writes = /\bconsole\.|(?<!sys\.)\bstd(?:out|err)\b(?!\.isTTY\b)|\bwriteSync\(\s*[12]\b/;
    const isClean = ({ path, text }: SourceFile) => path === 'cli/print.ts' || !writes.test(code(text));
    expect(offending(file => !isClean(file))).toEqual([]);
  });

  test('React and Ink are drawn with in ui only', () => {
    const drawn = (file: SourceFile) =>
      importsOf(file.text).filter(specifier => react.test(specifier) && !/^zustand/.test(specifier));
    expect(offending(file => (['ui', 'cli', ''].includes(file.folder) ? [] : drawn(file)))).toEqual([]);
  });

  test(`no file is longer than ${longest} lines`, () => {
    const length = (file: SourceFile) => file.text.split('\n').length - 1;
    expect(offending(file => (length(file) > longest ? [`${length(file)} lines`] : []))).toEqual([]);
  });
});

/** The files of source/ that a file imports, types included. */
const importedFiles = ({ path, text }: SourceFile): string[] =>
  importsOf(text)
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => normalize(join(dirname(path), specifier)).replaceAll('\\', '/'));

/** The circles that a walk along the imports comes upon, each as the files in it. */
const circlesIn = (imports: ReadonlyMap<string, readonly string[]>): string[][] => {
  const circles: string[][] = [];
  const left = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) circles.push(way.slice(at));
    if (at >= 0 || left.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    left.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return circles;
};

describe('its imports', () => {
  test('go in no circle, those of types included', () => {
    expect(circlesIn(new Map(files.map(file => [file.path, importedFiles(file)])))).toEqual([]);
  });
});

describe('its rooms', () => {
  const several = (names: readonly string[]): string[] => [
    ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
  ];

  test(`no folder has more than ${fullest} files`, () => {
    const folders = Map.groupBy(files, ({ path }) => dirname(path));
    expect([...folders].filter(([, inside]) => inside.length > fullest).map(([path]) => path)).toEqual([]);
  });

  test('no two files have one name', () => {
    expect(several(files.map(({ path }) => basename(path).replace(/\.tsx?$/, '')))).toEqual([]);
  });
});

type Override = {
  readonly includes: readonly string[];
  readonly linter: {
    readonly rules: { readonly complexity?: { readonly noExcessiveLinesPerFunction?: unknown } };
  };
};

/** A table in each: an exhaustive `switch` with a case for each call or entry. */
const tableFiles = [
  'source/core/fold/fold.ts',
  'source/core/fold/fold-ended.ts',
  'source/labs/permission.ts',
  'source/formats/python/python-calls.ts',
  'source/formats/strace/strace-calls.ts',
];

describe('its functions', () => {
  test(`are held to ${longestFunction} lines by the linter, outside tables`, () => {
    const { overrides } = JSON.parse(readFileSync(join(source, '../biome.json'), 'utf8')) as {
      readonly overrides: readonly Override[];
    };
    const held = overrides.flatMap(({ includes, linter }) => {
      const rule = linter.rules.complexity?.noExcessiveLinesPerFunction;
      return rule === undefined ? [] : [{ includes, rule }];
    });
    expect(held).toEqual([
      { includes: ['source/**'], rule: { level: 'error', options: { maxLines: longestFunction } } },
      { includes: tableFiles, rule: 'off' },
    ]);
  });

  test('have no exception of their own', () => {
    expect(offending(file => file.text.includes('biome-ignore lint/complexity/noExcessiveLines'))).toEqual(
      [],
    );
  });
});

describe('the test itself', () => {
  test('sees every form of import', () => {
    const text = `import { a } from './a.ts';
import type { B } from '../core/b.ts';
import {
  c,
} from "node:net";
import './side.ts';
export { d } from './d.ts';
const e = await import('./e.ts');
const f = process.getBuiltinModule('node:dgram');`;
    expect(importsOf(text).sort()).toEqual(
      ['./a.ts', '../core/b.ts', 'node:net', './side.ts', './d.ts', './e.ts', 'node:dgram'].sort(),
    );
  });

  test('finds a circle', () => {
    const imports = { a: ['b', 'd'], b: ['c'], c: ['b'], d: [] };
    expect(circlesIn(new Map(Object.entries(imports)))).toEqual([['b', 'c']]);
  });

  test('tells a wrong direction', () => {
    const file = { path: 'bench/x.ts', folder: 'bench', text: `import { y } from '../ui/y.ts';` };
    expect(wrongDirections(file)).toEqual(['../ui/y.ts']);
    expect(wrongDirections({ ...file, text: `import { y } from '../core/y.ts';` })).toEqual([]);
  });
});
