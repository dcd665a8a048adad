import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expandHome, readBounded, readTrouble } from '../../source/files/bounded-file.ts';
import { payloadTrouble, readPayload } from '../../source/files/payload-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-files-'));
const file = (name: string): string => join(folder, name);
const isLinux = process.platform === 'linux';

beforeAll(() => {
  writeFileSync(file('good'), 'hello');
  writeFileSync(file('empty'), '');
  writeFileSync(file('large'), '');
  // A hole: it takes no room on the disk.
  truncateSync(file('large'), 5 * 2 ** 30);
  mkdirSync(file('folder'));
  if (isLinux) execFileSync('mkfifo', [file('pipe')]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said = (path: string): Promise<string> =>
  readPayload(path).then(
    bytes => `${bytes.length} bytes`,
    error => (error as Error).message,
  );

describe('the payload of file"path"', () => {
  test.each([
    ['an ordinary file', 'good', '5 bytes'],
    ['an empty one', 'empty', '0 bytes'],
    ['one of 5 GiB', 'large', /more than 1GiB.*split -b 1G/],
    ['a folder', 'folder', /this is a folder/],
    ['none', 'missing', /there is no such file/],
    ['a path through a file', 'good/x', /no folder/],
    ['a name with a NUL', 'a\0b', /no NUL/],
    ['a name of 300 characters', 'x'.repeat(300), /longer than the system takes/],
  ])('%s', async (_, name, message) => {
    expect(await said(file(name))).toMatch(message);
    const trouble = await payloadTrouble(file(name));
    if (typeof message === 'string') expect(trouble).toBeNull();
    else expect(trouble).toMatch(message);
  });

  test.runIf(isLinux)('what is no ordinary file is refused at once, without being opened', async () => {
    expect(await said(file('pipe'))).toMatch(/this is a pipe/);
    for (const device of ['/dev/zero', '/dev/null', '/dev/random', '/proc/self/root/dev/full'])
      expect(await said(device)).toMatch(/another device/);
    const server = createServer();
    await new Promise<void>(resolve => server.listen(file('socket'), resolve));
    expect(await said(file('socket'))).toMatch(/this is a socket/);
    server.close();
  });

  test.runIf(isLinux)('files of /proc tell no size and have a content', async () => {
    expect(Buffer.from(await readPayload('/proc/self/status')).toString()).toMatch(/^Name:/);
    expect(await said('/proc/self/mem')).toMatch(/the system refuses it \(EIO\)/);
  });

  test('of one that was written to meanwhile, what was there when it was opened', async () => {
    writeFileSync(file('growing'), 'x'.repeat(1000));
    let changes = 0;
    // Asked before each read(2), after the size was.
    const signal = new AbortController().signal;
    signal.throwIfAborted = () => appendFileSync(file('growing'), 'y');
    const bytes = await readPayload(file('growing'), { signal, changed: () => changes++ });
    expect(Buffer.from(bytes).toString()).toBe('x'.repeat(1000));
    expect(changes).toBe(1);
    await readPayload(file('growing'), { changed: () => expect.unreachable() });
  });

  test('a reading that is called off rejects with the reason', async () => {
    const reason = new Error('stopped');
    await expect(readPayload(file('good'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('what may be a pipe', () => {
  test.runIf(isLinux)('is read no further than may be', async () => {
    const end = await open(file('pipe'), 'r+');
    const read = readBounded(file('pipe'), { most: 1000, pipes: true }).catch(readTrouble);
    await end.write('x'.repeat(1001));
    expect(await read).toMatch(/more than 1000/);
    await end.close();
  });

  test.runIf(isLinux)('is given up where somebody has it open and writes nothing', async () => {
    const end = await open(file('pipe'), 'r+');
    const read = readBounded(file('pipe'), { most: 10, pipes: true, silence: 20 });
    await expect(read).rejects.toMatchObject({ code: 'WOULD_WAIT' });
    await end.close();
  });

  test.runIf(isLinux)('a pipe that nobody writes into is at its end', async () => {
    expect((await readBounded(file('pipe'), { most: 10, pipes: true })).length).toBe(0);
  });
});

test('~ is the home folder, as a shell has it', () => {
  expect(expandHome('~')).toBe(homedir());
  expect(expandHome('~/a')).toBe(`${homedir()}/a`);
  for (const other of ['./~', 'a~', '~a', '~root/x', '/~/x']) expect(expandHome(other)).toBe(other);
});
