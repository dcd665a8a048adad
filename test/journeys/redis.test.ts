import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { hasProgram } from '../cli/piping.ts';
import { available } from '../drivers/native.ts';
import { startPeer } from '../e2e/foreign.ts';
import { key } from '../e2e/keys.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** Redis in a folder of its own, without a port: none that was free a moment ago can be taken. */
const redis = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-redis-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'redis.sock');
  const flags = ['--port', '0', '--unixsocket', path, '--save', '', '--dir', folder];
  const server = keep.peer(startPeer('redis-server', flags));
  await server.until(/ready to accept connections|now ready/i);
  return path;
};

test.runIf(available && hasProgram('redis-server') && hasProgram('redis-cli'))(
  'between redis-cli and redis-server, a relay that splits frames: both read over the seams, and each piece is a call',
  async () => {
    const path = await redis();
    const args = ['relay', '127.0.0.1:0', `unix:${path}`];
    const terminal = keep.terminal(await openWorkbench({ args, cols: 170, rows: 50 }));
    await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
    const port = /s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]!;
    terminal.type(`:s1.fault split 5${key.enter}`);
    await terminal.until(/fault: split 5/);

    const cli = (...words: string[]) => keep.peer(startPeer('redis-cli', ['-p', port, ...words]));
    const value = 'a value that is longer than any piece';
    const set = cli('SET', 'greeting', value);
    await set.until('OK');
    expect(await set.exited).toBe(0);
    const get = cli('GET', 'greeting');
    await get.until(value);
    expect(await get.exited).toBe(0);

    await terminal.until(/a2 fault: \d+ bytes sent in pieces/);
    await terminal.until(/a2\.sendall "\$37\\r\\n" = ok/);
    await terminal.until(/a2\.sendall "a val" = ok/);
  },
);
