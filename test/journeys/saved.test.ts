import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { ctrl, key } from '../e2e/keys.ts';
import { ensureBuilt, start, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

const command = async (terminal: Terminal, text: string): Promise<void> => {
  terminal.type(':');
  await terminal.until(/Commands and calls/);
  terminal.type(`${text}${key.enter}`);
};

const gone = (terminal: Terminal, pattern: RegExp): Promise<void> =>
  terminal.until(rows => !pattern.test(rows.join('\n')));

const settingsOf = (terminal: Terminal): string => join(terminal.folder, 'config/sockbench/settings.yaml');

test('what was done last is kept under a name, and put into forms and the send line again', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  terminal.type('1');
  await terminal.until(/1 Client \*/);
  terminal.type(`c${key.enter}`);
  await terminal.until(/c1 ESTAB → a1/);
  terminal.type('K');
  await terminal.until(new RegExp(`what +127\\.0\\.0\\.1:${port}`));
  terminal.type(`here${key.enter}`);
  await terminal.until(new RegExp(`here: 127\\.0\\.0\\.1:${port}`));
  expect(readFileSync(settingsOf(terminal), 'utf8')).toBe(`endpoints:\n  here: '127.0.0.1:${port}'\n`);

  terminal.type('s');
  await terminal.until(/send to c1 >/);
  terminal.type(`ping${key.enter}`);
  await terminal.until(/c1\.send "ping\\r\\n"/);
  terminal.type(key.escape);
  await gone(terminal, /send to c1/);
  terminal.type('K');
  await terminal.until(/what +"ping\\r\\n"/);
  terminal.type(`hello${key.enter}`);
  await terminal.until(/hello: "ping\\r\\n"/);

  terminal.type('c');
  await terminal.until(/next kept: here/);
  terminal.type(`${ctrl('u')}${ctrl('r')}`);
  await terminal.until(new RegExp(`address +127\\.0\\.0\\.1:${port}`));
  terminal.type(key.enter);
  await terminal.until(/c2 ESTAB → a2/);
  await command(terminal, 'connect here');
  await terminal.until(/c3 ESTAB → a3/);

  terminal.type('s');
  await terminal.until(/send to c3 >/);
  terminal.type(ctrl('r'));
  await terminal.until(/> ping\\r\\n .*6 bytes/);
  terminal.type(key.enter);
  await terminal.until(/c3\.send "ping\\r\\n" = 6/);
  terminal.type(key.escape);
  await gone(terminal, /send to c3/);

  terminal.type('B');
  await terminal.until(/hello +message +"ping\\r\\n"/);
  terminal.type('d');
  await terminal.until(/Forget here: /);
  terminal.type('y');
  await terminal.until(/Forgotten: here/);
  expect(readFileSync(settingsOf(terminal), 'utf8')).toBe("messages:\n  hello: 'ping\\r\\n'\n");
});

test('names come from the settings, on the command line too, and another workbench loses none', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  const env = { XDG_CONFIG_HOME: join(terminal.folder, 'config') };
  await command(terminal, `keep mine 127.0.0.1:${port}`);
  await terminal.until(/mine: 127\.0\.0\.1/);
  const second = keep.terminal(await openWorkbench({ args: ['connect', 'mine'], env }));
  await second.until(new RegExp(`c1 ESTAB → \\S*127\\.0\\.0\\.1:${port}`));
  await command(second, 'keep other "x\\xff"');
  await second.until(/other: "x\\xff"/);
  await command(terminal, 'keep probe hex"01 ff"');
  await terminal.until(/probe: hex"01 ff"/);
  terminal.type('B');
  await terminal.until(/mine +address[\s\S]*other +message +"x\\xff"[\s\S]*probe +message +hex"01 ff"/);
});

test('a name that is none, and settings that another hand broke, are said; what was typed stays', async () => {
  const terminal = keep.terminal(await openWorkbench());
  await command(terminal, 'keep 9a 127.0.0.1:9000');
  await terminal.until(/"9a" is no name for it: a letter first/);
  terminal.type(key.escape);
  await gone(terminal, /Commands and calls/);
  await command(terminal, 'keep a 127.0.0.1:9000');
  await terminal.until(/a: 127\.0\.0\.1:9000/);
  writeFileSync(settingsOf(terminal), 'colour: red\n');
  await command(terminal, 'keep b 127.0.0.1:9001');
  await terminal.until(/settings\.yaml:1:1: there is no setting "colour":/);
  expect(readFileSync(settingsOf(terminal), 'utf8')).toBe('colour: red\n');
});

test('settings with an address that is none are one sentence, and nothing starts', async () => {
  const terminal = keep.terminal(start({ args: ['--config', 'broken.yaml'] }));
  const broken = join(terminal.folder, 'broken.yaml');
  writeFileSync(broken, 'endpoints: { db: "a:b:c" }\n');
  const other = keep.terminal(start({ args: ['--config', broken] }));
  expect(await other.exited).toBe(2);
  expect(other.picture()).toMatch(/broken\.yaml:1:18: endpoints: db: "a:b:c": there is more than one/);
});
