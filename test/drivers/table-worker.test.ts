import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../support/limits.ts';
import { onLinux } from './sockets.ts';

/** Looks at a listener of its own through the worker, and does nothing to end: the process must end by itself. */
const program = `
import net from 'node:net';
import { createObserver } from './source/drivers/kernel/kernel-observer.ts';
const server = net.createServer().listen(0, '127.0.0.1', async () => {
  const local = { kind: 'inet', host: '127.0.0.1', port: server.address().port };
  const watch = createObserver({ means: 'worker' });
  const sockets = [{ name: 's1', type: 'SOCK_STREAM', family: 'AF_INET', local, peer: null, listening: true }];
  const { source, samples } = await watch.sample(sockets);
  server.close();
  console.log(JSON.stringify({ source, states: samples.map(({ state }) => state), means: watch.cost().means }));
});`;

const run = (file: string): Promise<{ out: string; code: number | null }> =>
  new Promise(resolve => {
    const child = spawn(process.execPath, [file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: limits.wait,
    });
    let out = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    child.on('close', code => resolve({ out, code }));
  });

describe.skipIf(!onLinux)('the worker', () => {
  it.each([false, true])('works in one bundled file and lets the process end (minify: %s)', async minify => {
    const folder = await mkdtemp(join(tmpdir(), 'sockbench-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const outfile = join(folder, 'bundle.mjs');
    const stdin = {
      contents: program,
      resolveDir: join(import.meta.dirname, '../..'),
      loader: 'ts' as const,
    };
    await build({
      stdin,
      outfile,
      minify,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    });
    const { out, code } = await run(outfile);
    expect(JSON.parse(out)).toEqual({ source: 'kernel', states: ['LISTEN'], means: 'worker' });
    expect(code).toBe(0);
  });
});
