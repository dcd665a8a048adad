import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseLine } from '../../source/core/language/line.ts';
import { createGuard } from '../../source/labs/permission.ts';
import { commandLine } from './command-line.ts';

const wish = (text: string) => {
  const guard = createGuard();
  let last: ReturnType<typeof guard.wish> = null;
  for (const line of text.split('; ')) {
    const read = parseLine(line);
    if (!read.ok || read.value.kind !== 'call') throw new Error(`${line} is no call`);
    last = guard.wish(read.value.call, undefined);
    guard.ended(read.value.call, { kind: 'none' });
  }
  return last;
};

describe('stays on this machine', () => {
  it.each([
    'c1.connect 127.0.0.1:80',
    'c1.connect 127.9.9.9:80',
    'c1.connect localhost:80',
    'c1.connect LOCALHOST:http',
    'c1.connect [::1]:80',
    'c1.connect [0:0::1]:80',
    'c1.connect [::ffff:127.0.0.1]:80',
    'c1.sendto "x" 127.0.0.1:9',
    's1.bind 127.0.0.1:0',
    's1.bind localhost:0',
    's1.bind [::1]:0',
    'getaddrinfo "localhost"',
    'getaddrinfo "192.0.2.1"',
    'gethostbyaddr "127.0.0.1"',
    'getservbyname "http"',
    'c1.setsockopt IPPROTO_IP IP_MULTICAST_IF "127.0.0.1"; c1.sendto "x" 239.1.2.3:9',
    'c1.setsockopt IPPROTO_IP IP_ADD_MEMBERSHIP "239.1.2.3 127.0.0.1"',
    'c1.setsockopt IPPROTO_IP IP_DROP_MEMBERSHIP "239.1.2.3 192.0.2.1"',
    'c1.setsockopt SOL_SOCKET SO_BROADCAST 1',
  ])('%s', text => expect(wish(text)).toBeNull());
});

describe('needs --allow-net', () => {
  it.each([
    'c1.connect 192.0.2.1:80',
    'c1.connect 0.0.0.0:80',
    'c1.connect [::]:80',
    'c1.connect [::ffff:192.0.2.1]:80',
    'c1.connect example.org:80',
    'c1.connect localhost.example.org:80',
    'c1.connect "127.1":80',
    'c1.connect "2130706433":80',
    'c1.connect "":80',
    'c1.sendto "x" 255.255.255.255:9',
    'c1.sendto "x" "<broadcast>":9',
    'c1.sendto "x" 127.0.0.1.example.org:9',
    'c1.sendto "x" 239.1.2.3:9',
    'c1.sendto "x" [ff02::1]:9',
    's1.bind 0.0.0.0:0',
    's1.bind "":0',
    's1.bind *:0',
    's1.bind [::]:0',
    's1.bind 192.0.2.1:0',
    'getaddrinfo "example.org"',
    'gethostbyaddr "192.0.2.1"',
    'gethostbyaddr "example.org"',
    'c1.setsockopt IPPROTO_IP IP_ADD_MEMBERSHIP "239.1.2.3"',
    'c1.setsockopt IPPROTO_IP IP_ADD_MEMBERSHIP "239.1.2.3 192.0.2.1"',
    'c1.setsockopt IPPROTO_IP IP_ADD_MEMBERSHIP "127.0.0.1 192.0.2.1"',
    'c1.setsockopt IPPROTO_IPV6 IPV6_JOIN_GROUP "ff02::1"',
    'c1.setsockopt IPPROTO_IP IP_MULTICAST_IF "192.0.2.1"',
    'c2.setsockopt IPPROTO_IP IP_MULTICAST_IF "127.0.0.1"; c1.sendto "x" 239.1.2.3:9',
  ])('%s', text => expect(wish(text)).toMatchObject({ allow: '--allow-net' }));
});

const folder = mkdtempSync(join(tmpdir(), 'sockbench-permission-'));
const inside = join(folder, 'labs');
mkdirSync(inside);
writeFileSync(join(folder, 'secret'), 'a secret');
writeFileSync(join(inside, 'payload'), 'a payload');
symlinkSync(join(folder, 'secret'), join(inside, 'link'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
const runLines = (flags: readonly string[], lines: readonly string[]) => {
  const file = join(inside, `lab-${++count}.yaml`);
  const head = 'lab: strange\ntitle: x\nlet: { every: 0.0.0.0 }\nstages:\n  - do: |\n';
  writeFileSync(file, `${head}${lines.map(line => `      ${line}\n`).join('')}`);
  return commandLine('run', ...flags, file);
};

describe("a stranger's lab", () => {
  it('is told at the call, by its resolved values, and ends there with 1', async () => {
    const { code, out, err } = await runLines([], ['s1 = socket', 's1.bind $every:0', 's1.listen']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /lab-\d+\.yaml:7: FAILED s1\.bind \$every:0\n {2}s1\.bind 0\.0\.0\.0:0 would be reached from other machines: .*--allow-net/,
    );
    expect(out).not.toContain('bind');
    expect(out).not.toContain('listen');
  });

  it('does not listen without having been bound', async () => {
    const { code, err } = await runLines([], ['s1 = socket', 's1.listen']);
    expect(code).toBe(1);
    expect(err).toContain('s1 is not bound, so it listens on every interface');
  });

  it('may with --allow-net', async () => {
    const lines = ['s1 = socket', 's1.bind $every:0', 's1.listen => ok'];
    expect(await runLines(['--allow-net'], lines)).toMatchObject({ code: 0 });
  });

  it.each([
    ['a file outside its folder', join(folder, 'secret')],
    ['a link that leads there', join(inside, 'link')],
    ['a way out of it', join(inside, '..', 'secret')],
  ])('does not read %s, not even to send it home', async (_, path) => {
    const lines = ['c1 = socket', `c1.send file"${path}" => ENOTCONN`];
    const refused = await runLines([], lines);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/would read a file: .*secret.* is outside the lab's folder; .*--allow-read/);
    const allowed = await runLines(['--allow-read'], ['c1 = socket', `c1.send file"${path}" => any`]);
    expect(allowed.code).toBe(0);
  });

  it('reads files of its own folder', async () => {
    const lines = ['c1 = socket', `c1.send file"${join(inside, 'payload')}" => any`];
    expect(await runLines([], lines)).toMatchObject({ code: 0 });
  });

  it('what a person types is theirs', async () => {
    const lines = ['s1 = socket', 's1.bind 0.0.0.0:0', `s1.send file"${join(folder, 'secret')}" => any`];
    expect(await commandLine('run', '-e', ...lines)).toMatchObject({ code: 0 });
  });
});
