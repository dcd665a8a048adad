import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../scripts/bundle.ts';
import { key } from './keys.ts';
import { untouched } from './screen.ts';
import { projectFolder, type StartOptions, start, type Terminal } from './terminal.ts';

let folder = '';
let program = '';
let terminal: Terminal;

const open = async (options: StartOptions = {}) => {
  terminal = start({ program, cols: 40, rows: 10, ...options });
  await terminal.ready();
  await terminal.until(/typed/);
};

beforeAll(async () => {
  folder = mkdtempSync(join(projectFolder, 'node_modules/.cache-e2e-'));
  program = join(folder, 'echo.mjs');
  await bundle({ entry: 'test/e2e/fixtures/echo-app.tsx', outfile: program, standIns: {} });
});

afterEach(() => terminal.dispose());

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('keys reach the program and its screen comes back, colours and wide characters too', async () => {
  await open();
  terminal.type(`ab${key.enter}`);
  await terminal.until(/typed ab<Enter>/);
  expect(terminal.screen().slice(0, 4)).toEqual(['size 40x10', 'typed ab<Enter>', 'pasted ""', '漢字 wide']);
  expect(terminal.cells()[0]![0]).toMatchObject({ text: 's', foreground: 1, width: 1 });
  expect(terminal.cells()[3]![0]).toMatchObject({ text: '漢', width: 2 });
});

test('a paste arrives whole, in brackets', async () => {
  await open();
  expect(terminal.modes()).toMatchObject({
    alternateScreen: true,
    bracketedPaste: true,
    cursorVisible: false,
  });
  terminal.paste('one\ntwo');
  await terminal.until(/pasted "one\\rtwo"/);
});

test('a frame that the next one follows at once is seen too', async () => {
  const frame = (text: string) => `\\033[?2026h\\033[H${text}\\033[?2026l`;
  terminal = start({ command: 'printf', program: frame('for a moment') + frame('after that  ') });
  await terminal.until(/for a moment/);
  await terminal.until(/after that/);
});

test('resizing is seen', async () => {
  await open();
  terminal.resize(60, 12);
  await terminal.until(/size 60x12/);
});

test('quitting gives the terminal back as it was', async () => {
  await open();
  terminal.type('q');
  expect(await terminal.exited).toBe(0);
  expect(terminal.modes()).toEqual(untouched);
  expect(terminal.stty().after).toBe(terminal.stty().before);
  expect(terminal.scrollback().join('').trim()).toBe('');
});

test('a program that crashes or is killed ends the waiting at once, with its screen', async () => {
  await open();
  const waiting = terminal.until(/never to be seen/);
  terminal.kill('SIGKILL');
  await expect(waiting).rejects.toThrow(/the program ended with 137.*never to be seen.*size 40x10/s);
  expect(terminal.stty().after).not.toBe(terminal.stty().before);
});
