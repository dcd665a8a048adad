import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { StartOptions } from './terminal.ts';
import { createKeeper, openWorkbench } from './workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-colour-'));
const keep = createKeeper();

afterEach(keep.end);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const session = file(
  'session.jsonl',
  `{"sockbench":1,"began":"2026-11-01T12:00:00.000Z","program":"0.1.0","platform":"linux"}
{"kind":"policy","t":1,"program":"client","policy":"single","n":1,"prev":0}
`,
);

/** How many cells of the screen have a colour of their own, once it stands. */
const coloured = async (options: StartOptions): Promise<number> => {
  const terminal = keep.terminal(await openWorkbench(options));
  await terminal.until(/1 Client[\s\S]*\? help/);
  const cells = terminal.cells().flat();
  return cells.filter(({ foreground, background }) => foreground !== 'default' || background !== 'default')
    .length;
};

const settings = file('settings.yaml', 'color: false\n');

test.each<[string, StartOptions]>([
  ['--no-color', { args: ['--no-color'] }],
  ['--no-color after the command', { args: ['listen', '0', '--no-color'] }],
  ['NO_COLOR', { env: { NO_COLOR: '1' } }],
  ['color: false in the settings', { args: ['--config', settings] }],
  ['NO_COLOR in a replay', { args: ['replay', session], env: { NO_COLOR: '1' } }],
  ['color: false in a replay', { args: ['replay', session, '--config', settings] }],
])('%s: no cell has a colour', async (_, options) => {
  expect(await coloured(options)).toBe(0);
});

test('without any of it there are colours, in a replay too', async () => {
  expect(await coloured({})).toBeGreaterThan(0);
  expect(await coloured({ args: ['replay', session] })).toBeGreaterThan(0);
});
