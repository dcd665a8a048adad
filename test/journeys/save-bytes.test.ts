import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import { ensureBuilt, projectFolder, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();
let folder: string;

beforeAll(ensureBuilt);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-save-bytes-'));
});

afterEach(async () => {
  await keep.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Types a line into the palette. */
const command = async (terminal: Terminal, text: string): Promise<void> => {
  terminal.type(':');
  await terminal.until(/Commands and calls/);
  terminal.type(`${text}${key.enter}`);
};

/** c1 connected to a1, whose loop receives. */
const connected = async (
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Terminal> => {
  const terminal = keep.terminal(await openWorkbench({ cwd: folder, args, env }));
  await listen(terminal);
  terminal.type('1');
  await terminal.until(/1 Client \*/);
  terminal.type(`c${key.enter}`);
  await terminal.until(/c1 ESTAB → a1/);
  return terminal;
};

const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

test('what a socket received becomes a file of just these bytes, and no file is overwritten', async () => {
  const terminal = await connected();
  await command(terminal, `c1.send hex"${every.toString('hex')}"`);
  await terminal.until(/a1\.recv[^=\n]* = .* 256 bytes|a1\.recv[^=\n]* = "/);
  await command(terminal, 'save a1 received got.bin');
  await terminal.until(/got\.bin: 256 bytes saved, all that a1 received/);
  expect(readFileSync(join(folder, 'got.bin'))).toEqual(every);
  expect(statSync(join(folder, 'got.bin')).mode & 0o777).toBe(0o600);

  await command(terminal, 'copy as base64 a1 received');
  await terminal.until(/256 bytes as base64: 344 bytes handed to the terminal/);
  expect(terminal.clipboard.at(-1)).toBe(every.toString('base64'));

  await command(terminal, 'save c1 sent got.bin');
  await terminal.until(/got\.bin is there already; nothing is overwritten/);
  terminal.type(key.escape);
  await terminal.until(screen => !screen.some(row => row.includes('Commands and calls')));
  await command(terminal, 'save c1 received nothing.bin');
  await terminal.until(/nothing\.bin: 0 bytes saved, all that c1 received/);
  expect(statSync(join(folder, 'nothing.bin')).size).toBe(0);
  await command(terminal, 'save c7 received x.bin');
  await terminal.until(/there is no socket c7: there are .*c1/);
  terminal.type(key.escape);
});

test('calls of the log are saved: one, and those that the filter shows', async () => {
  const terminal = await connected();
  await command(terminal, 'c1.send "one "');
  await terminal.until(/a1\.recv[^=\n]* = "one "/);
  await command(terminal, 'c1.send "two"');
  await terminal.until(/a1\.recv[^=\n]* = "two"/);
  terminal.type('&');
  await terminal.until(/show only:/);
  terminal.type(`c1${key.enter}`);
  await terminal.until(/filter: c1/);
  await command(terminal, 'save shown shown.bin');
  await terminal.until(/shown\.bin: 7 bytes saved, all that 2 entries carried/);
  expect(readFileSync(join(folder, 'shown.bin'), 'utf8')).toBe('one two');
  await command(terminal, 'save #1 none.bin');
  await terminal.until(/#1 is no call that carries bytes/);
  terminal.type(key.escape);
});

/** More than the journal keeps of payloads. */
const much = '66MiB of "0123456789"';
const muchBytes = 66 * 1024 ** 2;

const received = async (terminal: Terminal): Promise<void> => {
  terminal.type('2');
  await terminal.until(/ a1 .*\n.*received 66\.0 MiB in/);
};

const savedWhole = (name: string): void =>
  expect(readFileSync(join(folder, name)).equals(Buffer.alloc(muchBytes, '0123456789'))).toBe(true);

test('what the journal has let go of comes from a spool on disk, of which nothing is left', async () => {
  const terminal = await connected();
  await command(terminal, `c1.sendall ${much}`);
  await received(terminal);
  terminal.type('&');
  await terminal.until(/show only:/);
  terminal.type(`spool${key.enter}`);
  await terminal.until(/older bytes go to a spool on disk, up to 1 GiB, removed at the end/);
  await command(terminal, 'save a1 received whole.bin');
  await terminal.until(new RegExp(`whole\\.bin: ${muchBytes} bytes saved, all that a1 received`));
  savedWhole('whole.bin');
  await command(terminal, 'save c1 sent sent.bin');
  await terminal.until(new RegExp(`sent\\.bin: ${muchBytes} bytes saved, all that c1 sent`));
  savedWhole('sent.bin');
  await command(terminal, 'save session.jsonl');
  await terminal.until(/session\.jsonl: \d+ entries saved, the whole session/);
  const session = join(folder, 'session.jsonl');
  const args = ['export', session, '--to', 'bytes', '--socket', 'a1', '-o', join(folder, 'exported.bin')];
  execFileSync(process.execPath, [join(projectFolder, 'bin/sockbench.cjs'), ...args]);
  savedWhole('exported.bin');
  const spool = join(terminal.folder, 'state/sockbench/spool');
  expect(statSync(spool).mode & 0o777).toBe(0o700);
  expect(readdirSync(spool)).toEqual([]);
});

test('where no spool can be written, it is said how many bytes are missing and why', async () => {
  writeFileSync(join(folder, 'taken'), '');
  const terminal = await connected([], { XDG_STATE_HOME: join(folder, 'taken') });
  await command(terminal, `c1.sendall ${much}`);
  await received(terminal);
  await command(terminal, 'save a1 received part.bin');
  await terminal.until(new RegExp(`saved of the ${muchBytes} that a1 received: \\d+ bytes are\\s+missing`));
  await terminal.until(/the spool on disk\s+cannot be written \(ENOTDIR\)/);
  const [, saved] = /part\.bin: (\d+) bytes/.exec(terminal.picture())!;
  expect(statSync(join(folder, 'part.bin')).size).toBe(Number(saved));
});

test('with a recording all of them are saved', async () => {
  const terminal = await connected(['--record', join(folder, 'all.jsonl')]);
  await command(terminal, `c1.sendall ${much}`);
  await received(terminal);
  await command(terminal, 'save a1 received whole.bin');
  await terminal.until(new RegExp(`whole\\.bin: ${muchBytes} bytes saved, all that a1 received`));
  savedWhole('whole.bin');
  expect(existsSync(join(terminal.folder, 'state'))).toBe(false);
});
