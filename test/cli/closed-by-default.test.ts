import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAddresses } from '../../source/cli/address-words.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';

const hostsOf = (words: readonly string[], flags: Parameters<typeof readAddresses>[2] = {}) => {
  const read = readAddresses('listen', words, flags);
  if (!read.ok) throw new Error(read.message);
  return read.openings.map(({ address }) => ('host' in address ? address.host : address));
};

describe('what listens is reached from this machine alone', () => {
  test.each([
    [['9000'], {}, '127.0.0.1'],
    [[], { port: '9000' }, '127.0.0.1'],
    [['udp://9000'], {}, '127.0.0.1'],
    [['9000'], { udp: true }, '127.0.0.1'],
    [['tls://9000'], {}, '127.0.0.1'],
    [['9000'], { ipv6: true }, '::1'],
  ] as const)('%j %j', (words, flags, host) => {
    expect(JSON.stringify(hostsOf(words, flags))).toContain(host);
  });

  test('unless its address says otherwise', () => {
    expect(JSON.stringify(hostsOf([':9000']))).not.toMatch(/127\.0\.0\.1|::1/);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'sockbench-closed-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(ensureBuilt);

const hasStrace = spawnSync('strace', ['-V']).status === 0;

/** Where all may be read and written by anyone unless a program says otherwise. */
const openly = (...words: readonly string[]) =>
  execFileSync(
    'sh',
    ['-c', 'umask 0; exec "$@"', 'sh', process.execPath, join(projectFolder, 'bin/sockbench.cjs'), ...words],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: undefined,
        ...Object.fromEntries(
          ['CONFIG', 'STATE', 'DATA', 'CACHE'].map(kind => [
            `XDG_${kind}_HOME`,
            join(folder, kind.toLowerCase()),
          ]),
        ),
      },
    },
  );

const lines = [
  's1 = socket',
  's1.bind 127.0.0.1:0',
  's1.listen',
  'me = s1.getsockname',
  'c1 = socket',
  'c1.connect $me',
  'a1 = s1.accept',
  'c1.send "secret"',
  'a1.recv 6 => "secret"',
];

test.runIf(process.platform !== 'win32')(
  'every file is made for its owner alone (0600), every folder too (0700)',
  () => {
    const at = (name: string) => join(folder, name);
    openly('--record', at('session.jsonl'), 'run', '--junit', at('junit.xml'), '-e', ...lines);
    openly('export', at('session.jsonl'), '--to', 'pcapng', '-o', at('packets.pcapng'));
    openly('export', at('session.jsonl'), '--to', 'bytes', '--socket', 'a1', '-o', at('bytes'));
    openly('labs', '--reset');
    if (hasStrace) openly('trace', '--no-screen', '-o', at('trace.txt'), '--', 'true');
    const made = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(made).toEqual(
      expect.arrayContaining(['session.jsonl', 'junit.xml', 'packets.pcapng', 'bytes', 'cache']),
    );
    const open = made.filter(name => (lstatSync(at(name)).mode & 0o077) !== 0);
    // What Node keeps lies within a folder that is closed.
    expect(open.filter(name => !name.startsWith('cache/sockbench/compiled/'))).toEqual([]);
  },
);
