import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nativeSockets } from '../../source/drivers/native/native-socket.ts';

const program = fileURLToPath(new URL('../../bin/sockbench.cjs', import.meta.url));
const script = fileURLToPath(new URL('told-kernel.py', import.meta.url));

const calls = ['socket', 'setsockopt', 'bind', 'listen', 'connect', 'accept', 'accept4', 'shutdown'];

/** Whether one process may trace another here: containers forbid it at times. */
const canTrace =
  spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0 &&
  spawnSync('python3', ['-c', 'import socket']).status === 0 &&
  typeof nativeSockets() !== 'string';

/** told-kernel.py's calls in the bench's words. */
const linesFor = (family: string, here: string): string =>
  [
    `u9 = socket ${family} SOCK_DGRAM`,
    'u9.setsockopt SOL_SOCKET SO_PRIORITY 5',
    `s1 = socket ${family} SOCK_STREAM`,
    `s1.bind ${here} 0`,
    's1.listen 4',
    'at = s1.getsockname',
    `c1 = socket ${family} SOCK_STREAM`,
    'c1.connect $at',
    'a1 = s1.accept',
    'a1.setsockopt SOL_SOCKET SO_KEEPALIVE 1',
    'c1.setsockopt IPPROTO_TCP TCP_NODELAY 1',
    `s2 = socket ${family} SOCK_STREAM`,
    's2.setsockopt SOL_SOCKET SO_REUSEADDR 1',
    's2.setsockopt SOL_SOCKET SO_RCVBUF 20000',
    's2.bind "" 0',
    's2.listen 1',
    's2.listen 2',
    `s3 = socket ${family} SOCK_STREAM`,
    's3.listen 1',
    `c2 = socket ${family} SOCK_STREAM`,
    'c2.setsockopt SOL_SOCKET SO_KEEPALIVE 1',
    `c2.bind ${here} 0`,
    'c2.connect $at',
    ...(family === 'AF_INET6'
      ? [
          's4 = socket AF_INET6 SOCK_STREAM',
          's4.setsockopt IPPROTO_IPV6 IPV6_V6ONLY 1',
          's4.bind "" 0',
          'u4 = socket AF_INET6 SOCK_DGRAM',
          'u4.setsockopt IPPROTO_IPV6 IPV6_V6ONLY 0',
          'u4.bind "" 0',
        ]
      : []),
    `u1 = socket ${family} SOCK_DGRAM`,
    `u1.bind ${here} 0`,
    'there = u1.getsockname',
    `u2 = socket ${family} SOCK_DGRAM`,
    'u2.setsockopt SOL_SOCKET SO_BROADCAST 1',
    'u2.connect $there',
    'u2.send "x"',
    'u2.connect $there',
    `u3 = socket ${family} SOCK_DGRAM`,
    'u3.sendto "x" $there',
    '',
  ].join('\n');

/** The trace's calls, whole: strace cuts one in two where another thread's comes between. */
const wholeCalls = (trace: string): string[] => {
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap(line => {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const open = /^(.*) <unfinished \.\.\.>$/.exec(text);
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    if (open) begun.set(thread, open[1]!);
    return open ? [] : [rest ? (begun.get(thread) ?? '') + rest[1]! : text];
  });
};

/**
 * What the kernel was told of internet sockets after the mark (SO_PRIORITY 5; the self-test is before it): sockets by
 * the order of their making, ports left out. An accept that found nothing, or a poll, tells it nothing.
 */
const told = (trace: string): string[] => {
  const names = new Map<string, string>();
  const list: string[] = [];
  let made = 0;
  const name = (fd: string) => {
    names.set(fd, `#${made++}`);
    return names.get(fd);
  };
  for (const text of wholeCalls(trace)) {
    const [, call = '', fd = '', rest = '', result = ''] =
      /^(\w+)\((\w+)(?:, )?(.*)\) += (\S+)/.exec(text) ?? [];
    if (call === 'socket') {
      names.delete(result);
      if (!/^AF_INET6?$/.test(fd)) continue;
      list.push(`${name(result)} = ${fd} ${/SOCK_\w+/.exec(rest)?.[0]}`);
    } else if (call.startsWith('accept')) {
      if (result.startsWith('-') || !names.has(fd)) continue;
      list.push(`${name(result)} = ${names.get(fd)}.accept`);
    } else if (names.has(fd)) {
      list.push(`${names.get(fd)}.${call} ${rest.replaceAll(/htons\(\d*[1-9]\d*\)/g, 'htons(*)')}`);
    }
  }
  const mark = list.findIndex(line => line.includes('SO_PRIORITY'));
  const marked = Number(/^#(\d+)/.exec(list[mark] ?? '')?.[1]);
  const after = list.slice(mark).map(line => line.replace(/#(\d+)/g, (_, n) => `#${Number(n) - marked}`));
  return after;
};

const traced = async (command: readonly string[], input: string): Promise<string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'trace');
  const options = ['-f', '-qq', '-o', file, '-e', `trace=${calls.join()}`];
  await new Promise<void>((resolve, reject) => {
    const child = execFile('strace', [...options, ...command], (error, out, err) =>
      error ? reject(new Error(`${out}${err}`)) : resolve(),
    );
    child.stdin?.end(input);
  });
  return told(readFileSync(file, 'utf8'));
};

const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout.toString().trim();

describe.skipIf(!canTrace)(
  'what the kernel is told, as strace sees it (needs strace, python3 and koffi)',
  () => {
    test.each([
      ['AF_INET', '127.0.0.1'],
      ['AF_INET6', '::1'],
    ] as const)(
      '%s: options, addresses and backlogs, nothing more and nothing less than CPython',
      async (family, here) => {
        const lines = linesFor(family, here);
        const bench = await traced([process.execPath, program, 'run', '-'], lines);
        const oracle = await traced([python, script, family], '');
        expect(oracle.length).toBeGreaterThan(20);
        expect(bench).toEqual(oracle);
      },
    );
  },
);
