import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { pythonServer } from '../e2e/foreign.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';

beforeAll(ensureBuilt);

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

const program = join(projectFolder, 'bin/sockbench.cjs');

/** Runs the built program without a terminal; as another user where a uid is given. */
const sockbench = async (args: readonly string[], uid?: number): Promise<Ended> => {
  const env = { ...process.env, NODE_COMPILE_CACHE: '' };
  const child = spawn(process.execPath, [program, ...args], {
    stdio: 'pipe',
    env,
    ...(uid ? { uid, gid: uid } : {}),
  });
  child.stdin.end();
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number | null, out, err };
};

const lines = (...list: string[]): string[] => ['run', '-e', ...list];

describe('a flag, a command or an argument that is none: one sentence that names it, exit 2', () => {
  it.each<[string, string[], RegExp]>([
    ['unknown flag', ['--bogus'], /unknown option '--bogus'/],
    ['unknown command', ['lisen'], /lisen is no command of sockbench: it has listen, connect/],
    ['bad port', ['listen', '99999'], /99999 is no port: ports go from 0 to 65535/],
    ['flags that exclude each other', ['connect', '-4', '-6', '80'], /-4 and -6 exclude each other/],
    ['a port twice', ['listen', '-p', '9000', '127.0.0.1:80'], /127\.0\.0\.1:80 is no host alone/],
    ['nothing to listen on', ['listen', '-u'], /missing required argument/],
    ['a relay without a target', ['relay', '9000'], /a relay has two addresses.*sockbench relay 9000 /],
    ['a relay with two targets', ['relay', '9000', ':80', ':81'], /:81 is one address too many/],
    ['a relay onto itself', ['relay', '9000', 'localhost', '9000'], /:9000 would lead back to itself/],
    ['a relay to no port', ['relay', '9000', '127.0.0.1:0'], /port 0 stands for any/],
    [
      'a relay of datagrams',
      ['relay', '9000', 'udp://127.0.0.1:80'],
      /udp:.* carries datagrams and 9000 a stream: both are udp:.*, or neither/,
    ],
    [
      "a relay's flag of TLS in the clear",
      ['relay', '-k', '9000', ':80'],
      /:80 is no tls.*--insecure belongs/,
    ],
    ['a relay without a terminal', ['relay', '9000', ':80'], /no terminal.*sockbench relay --no-screen/],
    ['a replay to be recorded', ['replay', 'x', '--record', 'y'], /there is nothing to record/],
    ['a replay without a screen', ['--screen-reader', 'replay', 'x'], /a replay is a screen/],
    ['nothing to connect to', ['connect'], /missing required argument/],
    ['no terminal', [], /no terminal.*sockbench run/],
    ['a lab that is none', ['run', 'no-such-lab'], /no-such-lab: there is no such file/],
    ['nothing to run', ['run'], /nothing to run/],
    ['a call that is none', lines('c1 = sockt'), /sockt is no call: did you mean socket\?\n.*\n +\^/],
    ['a malformed escape', lines('c1 = socket', 'c1.send "a\\q"'), /line 2: \\q is no escape/],
    ['an unknown variable', lines('c1.connect $nowhere'), /\$?nowhere/],
    [
      'a format that is none',
      ['export', '-', '--to', 'nope'],
      /nope: there is no such format; there are python/,
    ],
  ])('%s', async (_, args, message) => {
    const { code, out, err } = await sockbench(args);
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

describe('a socket error: layer, Python class, the value and what to do', () => {
  it.each<[string, string[], RegExp]>([
    [
      'nobody listens',
      ['c1 = socket', 'c1.connect 127.0.0.1:1'],
      /^connect, ConnectionRefusedError: .*127\.0\.0\.1:1.*; /m,
    ],
    [
      'unknown host',
      ['c1 = socket', 'c1.connect "no such host":80'],
      /^resolve, socket\.gaierror: .*no such host/m,
    ],
    ['unknown service', ['c1 = socket', 'c1.connect 127.0.0.1:nosuch'], /^resolve, OSError: .*nosuch/m],
    [
      'no address of this machine',
      ['s1 = socket', 's1.bind 203.0.113.7:0'],
      /^usage, OSError: .*203\.0\.113\.7.*; /m,
    ],
    ['a port beyond all', ['c1 = socket', 'c1.connect 127.0.0.1:99999'], /^usage, OverflowError: .*99999/m],
  ])('%s', async (_, list, message) => {
    const { code, err } = await sockbench(lines(...list));
    expect(err).toMatch(message);
    expect(code).toBe(1);
  });

  it('a port in use', async () => {
    const { peer, port } = await pythonServer();
    try {
      const { err } = await sockbench(lines('s1 = socket', `s1.bind 127.0.0.1:${port}`));
      expect(err).toMatch(new RegExp(`OSError: .*${port}.*; `));
    } finally {
      await peer.stop();
    }
  });

  it.runIf(process.getuid?.() === 0)('a privileged port, as another user', async () => {
    const nobody = 65_534;
    const { err } = await sockbench(lines('s1 = socket', 's1.bind 127.0.0.1:81'), nobody);
    expect(err).toMatch(/PermissionError: .*81/);
  });

  it('does not end what comes after it where it is expected', async () => {
    const { code, out } = await sockbench(
      lines('c1 = socket', 'c1.connect 127.0.0.1:1 => any', 'c1.recv 1 => ENOTCONN'),
    );
    expect(out).toMatch(/^2 passed, 0 failed, 0 skipped$/m);
    expect(code).toBe(0);
  });
});
