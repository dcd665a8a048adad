import { afterEach, beforeAll, expect, test } from 'vitest';
import { ctrl, key } from '../e2e/keys.ts';
import { ensureBuilt, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

const command = async (terminal: Terminal, text: string): Promise<void> => {
  terminal.type(':');
  await terminal.until(/Commands and calls/);
  terminal.type(`${text}${key.enter}`);
  await terminal.until(rows => !rows.join('\n').includes('Commands and calls'));
};

/** The stream of c1, which has sent some. */
const stream = async (...sent: readonly string[]): Promise<Terminal> => {
  const terminal = keep.terminal(await openWorkbench());
  await listen(terminal);
  terminal.type('1');
  await terminal.until(/1 Client \*/);
  terminal.type(`c${key.enter}`);
  await terminal.until(/c1 ESTAB → a1/);
  for (const text of sent) await command(terminal, `c1.send ${text}`);
  terminal.type(key.enter);
  await terminal.until(/═ c1 and a1 /);
  return terminal;
};

const seek = async (terminal: Terminal, text: string, label: RegExp): Promise<void> => {
  terminal.type('/');
  await terminal.until(label);
  terminal.type(`${ctrl('u')}${text}${key.enter}`);
};

test('text, hex and expressions are found in a stream, where two sends meet too', async () => {
  const terminal = await stream('"one TW"', '"O three"', '60 of "line\\n"', 'hex"00 ff 00 ff"');
  await seek(terminal, 'two', /find text: /);
  await terminal.until(/"two", text: 1 of 1 place/);
  await terminal.until(/>\*one TW/);

  terminal.type('/');
  await terminal.until(/find text: two/);
  terminal.type(ctrl('t'));
  await terminal.until(/find hex: two/);
  terminal.type(`${ctrl('u')}00 ff${key.enter}`);
  await terminal.until(/"00 ff", hex: 2 of 2 places/);
  await terminal.until(/>\*\\0\\xff\\0\\xff/);
  terminal.type('n');
  await terminal.until(/"00 ff", hex: 1 of 2 places/);

  terminal.type('/');
  await terminal.until(/find hex: 00 ff/);
  terminal.type(`${ctrl('t')}${ctrl('u')}t.re{2}|O t${key.enter}`);
  await terminal.until(/regular expression: 1 of 1 place/);
  await terminal.until(/>\*O three/);
  await seek(terminal, '(', /find regular expression: /);
  await terminal.until(/this is no regular expression: missing closing \)/);
  await seek(terminal, 'nowhere', /find regular expression: /);
  await terminal.until(/"nowhere" is nowhere in what is shown of c1's stream/);
});

test('an expression that takes minutes leaves the keys alone, and is given up', async () => {
  const terminal = await stream('16KiB of "a"', '16KiB of "a"', '16KiB of "a"', '16KiB of "a"');
  terminal.type('/');
  await terminal.until(/find text: /);
  terminal.type(`${ctrl('t')}${ctrl('t')}(\\w{1,999}\\d)|(\\w{1,990}\\s)${key.enter}`);
  terminal.type('v');
  await terminal.until(/Bytes: text and hex/);
  await terminal.until(/it was given up after 3 s/);
  expect(terminal.exitCode()).toBe(undefined);
});
