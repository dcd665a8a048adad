import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { explain } from '../../source/core/words/errors.ts';
import { available, reason } from '../drivers/native.ts';
import { callOf } from '../support/playing.ts';
import { labOf, labText, realBench, run } from './running.ts';

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'sb-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** Lines that must all end as they say; `$at` is a path that nobody has. */
const passes = async (at: string, lines: string, programs = '') => {
  const lab = await labOf(labText(`let: { at: "unix:${at}" }${programs}`, lines));
  const bench = realBench();
  const { report } = await run(lab, { bench });
  expect(report.messages).toEqual([]);
  expect(report.failed).toBe(0);
  return bench;
};

const connected = `
  s1 = socket AF_UNIX SOCK_STREAM
  s1.bind $at
  s1.listen 0
  c1 = socket AF_UNIX SOCK_STREAM
  c1.connect $at
  a1 = s1.accept`;

describe.skipIf(!available)(`Unix sockets on a bench${reason}`, () => {
  it('know each other, although a client has no name', async () => {
    const bench = await passes(
      join(folder(), 'a'),
      `${connected}
      c2 = socket AF_UNIX SOCK_STREAM
      c2.connect $at
      a2 = s1.accept
      c1.send "x"
      a1.recv 5 => "x"`,
    );
    const { sockets } = bench.state();
    const twins = ['c1', 'a1', 'c2', 'a2'].map(name => sockets.get(name)?.twin);
    expect(twins).toEqual(['a1', 'c1', 'a2', 'c2']);
    const own = { pid: process.pid, uid: process.getuid?.() };
    for (const name of ['c1', 'a1']) expect(sockets.get(name)?.owner).toEqual(own);
  });

  it('have a file for the owner alone, which goes with the socket', async () => {
    const path = join(folder(), 'a');
    const bench = await passes(path, connected);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await bench.dispose();
    expect(existsSync(path)).toBe(false);
  });

  it("leave somebody else's file alone", async () => {
    const path = join(folder(), 'a');
    const bench = await passes(path, connected);
    rmSync(path);
    writeFileSync(path, 'another');
    await bench.dispose();
    expect(existsSync(path)).toBe(true);
  });

  it('have the queues of the kernel, and a connect that waits for room', async () => {
    await passes(
      join(folder(), 'a'),
      `${connected}
      c1.send "hello"
      expect a1.rcv-q == 5
      expect c1.snd-q > 0
      c2 = socket AF_UNIX SOCK_STREAM
      c2.connect $at
      expect s1.accept-q == 1
      expect finding backlog-full s1
      c3 = socket AF_UNIX SOCK_STREAM
      c3.connect $at &
      expect c3.connect blocked for 200ms
      a2 = s1.accept
      wait c3.connect => ok`,
    );
  });

  it('deadlock as others do, and only then', async () => {
    const single = '\nprograms: { client: single, tcp-server: single, udp-server: single }';
    const path = join(folder(), 'a');
    await passes(
      path,
      `${connected}
      c1.sendall 64MiB of "x" &
      a1.sendall 64MiB of "x" &
      expect finding deadlock c1.sendall a1.sendall within 5s`,
      single,
    );
    await passes(
      `${path}2`,
      `s1 = socket AF_UNIX SOCK_STREAM
      s1.bind $at
      s1.listen 0
      c1 = socket AF_UNIX SOCK_STREAM
      c1.connect $at
      c1.recv 1 &
      expect c1.recv blocked for 100ms
      expect no finding deadlock`,
      single,
    );
  });
});

describe('the address of a Unix socket that cannot be had', () => {
  const words = async (path: string, line: string) => {
    const bench = realBench();
    const call = callOf(line.replace('$at', `unix:${path}`));
    const letter = call.name === 'bind' ? 's1' : 'c1';
    const make = callOf(`${letter} = socket AF_UNIX SOCK_STREAM`);
    await new Promise(resolve => bench.perform(make, { onEnd: resolve }));
    const outcome = await new Promise<unknown>(resolve => bench.perform(call, { onEnd: resolve }));
    const failed = outcome as Parameters<typeof explain>[0];
    expect(failed.kind).toBe('error');
    const { sentence, advice } = explain(failed, call);
    return `${sentence}; ${advice}`;
  };

  it.skipIf(!available)(`is said in a sentence that names it${reason}`, async () => {
    const at = folder();
    const path = join(at, 'a');
    writeFileSync(join(at, 'file'), '');
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await new Promise(resolve => server.once('listening', resolve));
    expect(await words(path, 's1.bind $at')).toContain(`${path} is taken: a living socket is bound to it`);
    expect(await words(join(at, 'file'), 's1.bind $at')).toContain('is a file that is no socket');
    expect(await words(join(at, 'no/a'), 's1.bind $at')).toContain('the folder of');
    expect(await words(join(at, 'no/a'), 'c1.connect $at')).toContain('is not there');
    expect(await words(join(at, 'x'.repeat(120)), 's1.bind $at')).toContain('at most 107 bytes');
    expect(await words(join(at, 'file'), 'c1.connect $at')).toContain('nobody listens on');
  });
});
