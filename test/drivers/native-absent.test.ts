import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../support/limits.ts';
import { onLinux } from './sockets.ts';

const program = `
import net from 'node:net';
import { createObserver } from './source/drivers/kernel/kernel-observer.ts';
import { nativeSockets } from './source/drivers/native/native-socket.ts';
const server = net.createServer().listen(0, '127.0.0.1', async () => {
  const local = { kind: 'inet', host: '127.0.0.1', port: server.address().port };
  const sockets = [{ name: 's1', type: 'SOCK_STREAM', family: 'AF_INET', local, peer: null, listening: true }];
  const { source, samples } = await createObserver().sample(sockets);
  server.close();
  console.log(JSON.stringify({ native: nativeSockets(), source, states: samples.map(({ state }) => state) }));
});`;

describe.skipIf(!onLinux)('a bundle in a place without koffi', () => {
  it('says why the native calls are missing, and observes without them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sockbench-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const outfile = join(folder, 'bundle.mjs');
    const stdin = {
      contents: program,
      resolveDir: join(import.meta.dirname, '../..'),
      loader: 'ts' as const,
    };
    await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    const out = execFileSync(process.execPath, [outfile], { encoding: 'utf8', timeout: limits.wait });
    expect(JSON.parse(out)).toEqual({
      native: 'the optional package koffi is not installed',
      source: 'kernel',
      states: ['LISTEN'],
    });
  });
});
