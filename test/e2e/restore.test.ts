import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../scripts/bundle.ts';
import { pythonClient } from './foreign.ts';
import { key } from './keys.ts';
import { untouched } from './screen.ts';
import { projectFolder, type StartOptions, type Terminal } from './terminal.ts';
import { createKeeper, listen, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

const open = async (options: StartOptions = {}) => {
  const terminal = keep.terminal(await openWorkbench(options));
  expect(terminal.modes()).toMatchObject({ alternateScreen: true, bracketedPaste: true });
  return terminal;
};

/** The program has ended, and the terminal is as it was before: modes, line discipline, screen and scrollback. */
const expectRestored = async (terminal: Terminal, code: number) => {
  expect(await terminal.exited).toBe(code);
  expect(terminal.modes()).toEqual(untouched);
  expect(terminal.stty().after).toBe(terminal.stty().before);
};

const expectNothingLeft = (terminal: Terminal) =>
  expect(terminal.scrollback().join('\n').trim(), 'left on the ordinary screen').toBe('');

describe('the terminal is as before', () => {
  test('after q with calls in flight, timers running and an overlay drawn before', async () => {
    const terminal = await open();
    await listen(terminal);
    await terminal.until(/BLOCKED (0\.[1-9]|[1-9])/);
    terminal.type('?');
    await terminal.until(/Enter runs? /);
    terminal.type(key.escape);
    // An escape with a letter right behind it is Alt and that letter.
    await terminal.until(lines => !/Enter runs? /.test(lines.join('\n')));
    terminal.type('qq');
    await expectRestored(terminal, 0);
    expectNothingLeft(terminal);
  });

  test('after q with a foreign peer connected, once that was confirmed', async () => {
    const terminal = await open();
    const client = keep.peer(pythonClient(await listen(terminal)));
    await client.until(/connected/);
    await terminal.until(/a1 ESTAB/);
    terminal.type('q');
    await terminal.until(/Quit\?.*will be cut off/);
    terminal.type('y');
    await expectRestored(terminal, 0);
    expectNothingLeft(terminal);
  });
});

describe('a screen that fails', () => {
  let folder = '';

  /** The real program, but for the words on a terminal that is too small: those throw. */
  beforeAll(async () => {
    mkdirSync(join(projectFolder, 'node_modules/.cache'), { recursive: true });
    folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/broken-'));
    await bundle({
      entry: 'source/cli.tsx',
      outfile: join(folder, 'broken.mjs'),
      plugins: [
        {
          name: 'broken',
          setup: build =>
            build.onLoad({ filter: /ui\/too-small\.tsx$/ }, () => ({
              contents: `export const TooSmall = () => { throw new Error('broken on purpose'); };
export const pressWhenSmall = () => {};`,
            })),
        },
      ],
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('gives the terminal back and says what failed', async () => {
    const terminal = await open({ program: join(folder, 'broken.mjs') });
    terminal.type('m');
    await terminal.until(() => terminal.modes().mouse);
    terminal.resize(20, 4);
    await expectRestored(terminal, 70);
    expect(terminal.raw().toString()).toContain('broken on purpose');
  });
});
