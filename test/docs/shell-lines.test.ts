import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { ensureBuilt, projectFolder, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { blocks, section, wordsOf } from './readme.ts';

const program = join(projectFolder, 'bin/sockbench.cjs');

/** What each command of the README's blocks shows on its screen. */
const onScreen: Readonly<Record<string, RegExp>> = {
  listen: /s1 LISTEN 127\.0\.0\.1:\d+[\s\S]*u1 UNCONN 127\.0\.0\.1:\d+/,
  // Who has the other end is known a moment later, or by then.
  connect: /c1 ESTAB → (?:sockbench )?127\.0\.0\.1:\d+/,
  lab: /lab deadlock-read 1\/\d+ .* rec on/,
  replay: /replay of session\.jsonl[\s\S]*paused/,
};

/** What those without a screen print. */
const printed: Readonly<Record<string, RegExp>> = {
  'run backlog': /\n\d+ passed, 0 failed, 0 skipped\n$/,
  'run -e': /\n1 passed, 0 failed, 0 skipped\n$/,
  'run --json': /^\{"sockbench":5,.*\n(?:\{.*\}\n)+$/,
  'export session.jsonl': /^#!\/usr\/bin\/env python3\n/,
};

const folder = mkdtempSync(join(tmpdir(), 'sockbench-readme-'));
const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines of a section's shell block, with a port that is free here for the one it names. */
const linesOf = async (title: string): Promise<string[][]> => {
  const [block = ''] = blocks(section(title), 'sh');
  const port = await freePort('127.0.0.1');
  const lines = block
    .trim()
    .replaceAll(/\b9000\b/g, String(port))
    .split('\n');
  return lines.map(line => {
    const [name, ...words] = wordsOf(line);
    expect(name).toBe('sockbench');
    return words;
  });
};

/** Exit status and standard output. */
const run = (args: readonly string[]) =>
  new Promise<{ code: unknown; out: string }>(resolve => {
    const options = { cwd: folder, env: { ...process.env, NODE_COMPILE_CACHE: '' } };
    execFile(process.execPath, [program, ...args], options, (error, out) =>
      resolve({ code: error?.code ?? 0, out }),
    );
  });

/** Does a line as it is written. What has no screen prints and ends with 0; else its screen, once it shows what it should. */
const obey = async (args: readonly string[]): Promise<Terminal | null> => {
  const command = args.find(word => /^[a-z]+$/.test(word))!;
  if (command in onScreen) {
    const terminal = keep.terminal(await openWorkbench({ args, cwd: folder }));
    await terminal.until(onScreen[command]!);
    return terminal;
  }
  const expected = Object.entries(printed).find(([start]) => args.join(' ').startsWith(start));
  expect(expected, args.join(' ')).toBeDefined();
  const { code, out } = await run(args);
  expect(code).toBe(0);
  expect(out).toMatch(expected![1]);
  return null;
};

test('the lines under "Command line" do what they say', async () => {
  const lines = await linesOf('Command line');
  expect(lines.length).toBeGreaterThan(4);
  const screens = lines.filter(([command = '']) => command in onScreen);
  const headless = Promise.all(lines.filter(line => !screens.includes(line)).map(obey));
  // The client of the second line is the first line's.
  for (const line of screens) await obey(line);
  await headless;
});

test('the lines under "Recording" record, replay and export, into a file of the person\'s own', async () => {
  for (const line of await linesOf('Recording, replay, export')) {
    const terminal = await obey(line);
    terminal?.type('q');
    if (terminal) expect(await terminal.exited).toBe(0);
  }
  expect((statSync(join(folder, 'session.jsonl')).mode & 0o777).toString(8)).toBe('600');
});
