import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nativeLibrary } from '../../source/drivers/native/native-library.ts';

const bin = resolve(import.meta.dirname, '../../bin');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-launcher-'));
  mkdirSync(join(folder, 'bin'));
  for (const file of ['sockbench.cjs', 'load.cjs']) copyFileSync(join(bin, file), join(folder, 'bin', file));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const build = (text: string) => {
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/sockbench.js'), text);
};

/** Runs the launcher on this Node, which says that it is another where `version` is given. */
const launch = (args: string[] = [], version = process.versions.node) => {
  const preload = join(folder, 'preload.cjs');
  const versions = { ...process.versions, node: version };
  writeFileSync(
    preload,
    `Object.defineProperty(process, 'versions', { value: ${JSON.stringify(versions)} })`,
  );
  return spawnSync(process.execPath, ['-r', preload, join(folder, 'bin/sockbench.cjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
};

test.each(['0.10.48', '18.20.0', '20.20.2', '22.11.0'])('Node %s gets one clear line', version => {
  build('console.log("ran")');
  expect(launch([], version)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: `sockbench needs Node 22.12 or newer; this is ${version}\n`,
  });
});

test.each(['22.12.0', '23.0.0', '24.0.0', '100.0.0'])('Node %s runs the bundle', version => {
  build('console.log(process.argv.slice(2).join())');
  expect(launch(['listen', '9000'], version)).toMatchObject({
    status: 0,
    stdout: 'listen,9000\n',
    stderr: '',
  });
});

test.each([
  [['why', 'server.py', ':8000', '--json'], 'why.cjs'],
  [['why'], 'why.cjs'],
  [['why', '-p', '1'], 'sockbench.js'],
  [['why', '--help'], 'sockbench.js'],
  [['run', 'why'], 'sockbench.js'],
])('%j is read by %s', (args, file) => {
  build('console.log("sockbench.js")');
  writeFileSync(join(folder, 'dist/why.cjs'), 'console.log("why.cjs")');
  expect(launch(args)).toMatchObject({ status: 0, stdout: `${file}\n`, stderr: '' });
});

test('a part of the bundle is taken where it is named; what it imports besides is looked for', () => {
  build("import './parts/part.js'");
  for (const part of ['dist/parts', 'elsewhere', 'node_modules/other'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(
    join(folder, 'elsewhere/part.js'),
    "import other from 'other'; console.log(import.meta.url, other);",
  );
  symlinkSync(join(folder, 'elsewhere/part.js'), join(folder, 'dist/parts/part.js'));
  writeFileSync(join(folder, 'node_modules/other/index.js'), "module.exports = require('./more.js');");
  writeFileSync(join(folder, 'node_modules/other/more.js'), "module.exports = 'other';");
  const part = pathToFileURL(join(realpathSync(folder), 'dist/parts/part.js')).href;
  expect(launch()).toMatchObject({ status: 0, stdout: `${part} other\n`, stderr: '' });
});

test('a checkout that was not built says how to build', () => {
  expect(launch()).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('npm run build') });
});

test("the exit status is the bundle's", () => {
  build('process.exitCode = 7');
  expect(launch().status).toBe(7);
});

test('the launcher is written in ES5, so that any Node can read it', async () => {
  const read = (file: string) => readFileSync(join(bin, file), 'utf8');
  const asES5 = (text: string) => transform(text, { target: 'es5', logLevel: 'silent' });
  await expect(asES5(read('sockbench.cjs'))).resolves.toBeDefined();
  await expect(asES5(read('load.cjs'))).rejects.toThrow();
});

/** How many functions of a file V8 has compiled, as its log of functions says: each a row of what was done, the script, where. */
const compiledOf = (file: string, log: string): number => {
  const rows = log.split('\n').map(row => row.split(','));
  const id = rows.find(row => row[0] === 'script-details' && row[2]?.endsWith(file))?.[1];
  const compiles = ['parse-function', 'full-parse'];
  return rows.filter(row => row[0] === 'function' && compiles.includes(row[1]!) && row[2] === id).length;
};

/** koffi and all else that is installed here. */
const withPackages = () => symlinkSync(resolve(bin, '../node_modules'), join(folder, 'node_modules'));

test.each([
  ['without koffi', () => {}],
  ['with koffi', withPackages],
])(
  'what a look at programs runs is kept compiled: the second one compiles none of its functions, %s',
  (_, install) => {
    build('');
    install();
    writeFileSync(join(folder, 'dist/why.cjs'), "const late = () => 'ran'; console.log(late());");
    const log = join(folder, 'functions.log');
    const why = () => {
      rmSync(log, { force: true });
      const flags = ['--log-function-events', `--logfile=${log}`, '--no-logfile-per-isolate'];
      const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
      const { stdout } = spawnSync(process.execPath, [...flags, join(folder, 'bin/sockbench.cjs'), 'why'], {
        encoding: 'utf8',
        env,
      });
      return { stdout, compiled: compiledOf('why.cjs', readFileSync(log, 'utf8')) };
    };
    expect(why()).toEqual({ stdout: 'ran\n', compiled: expect.toSatisfy(count => count > 0) });
    expect(why()).toEqual({ stdout: 'ran\n', compiled: 0 });
  },
);

test("a look at programs starts without Node's streams, where koffi sets V8's options", async ({ skip }) => {
  if (typeof nativeLibrary() === 'string') skip();
  build('');
  withPackages();
  const told =
    'require("node:fs").writeSync(1, process.moduleLoadList.filter(name => / stream$/.test(name)).join())';
  writeFileSync(join(folder, 'dist/why.cjs'), told);
  expect(launch(['why'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
});
