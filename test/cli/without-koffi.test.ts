import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { onLinux } from '../drivers/sockets.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { builtWithoutKoffi, type Piped, startProgram, temporaryFolder } from './piping.ts';

/** The built program where koffi is not installed: what works there works, and the rest says in one sentence that it does not. */
beforeAll(ensureBuilt);

const sockbench = (...args: readonly string[]): Piped =>
  startProgram(process.execPath, [join(builtWithoutKoffi(), 'bin/sockbench.cjs'), ...args]);

const why = 'the optional package koffi is not installed';

/** A line, and why it cannot be done; `null`: it is done. `c1` is connected to `a1`. */
type Row = readonly [line: string, lacks: string | null];

const onStreams: readonly Row[] = [
  ['c1.send "hello"', null],
  ['a1.recv 5', null],
  ['c1.settimeout 0.05', null],
  ['c1.shutdown SHUT_WR', null],
  ['a1.recv 5', null],
];

const onTcp: readonly Row[] = [
  ['c1.send "peeked"', null],
  ['a1.recv 3 MSG_PEEK', null],
  ['a1.recv 6', null],
  ['c1.setsockopt IPPROTO_TCP TCP_NODELAY 1', null],
  ['c1.send "x" MSG_OOB', 'Node has no MSG_OOB'],
  ['c1.getsockopt IPPROTO_TCP TCP_INFO', 'Node has no call for TCP_INFO on this socket'],
  ['c1.getsockopt SOL_SOCKET SO_ERROR', 'Node has no call for SO_ERROR on this socket'],
  ['c1.setsockopt SOL_SOCKET SO_RCVBUF 4096', 'Node has no call for SO_RCVBUF on this socket'],
  ['c1.setsockopt SOL_SOCKET SO_LINGER 0', 'Node has no call for SO_LINGER on this socket'],
  ['c1.wrap client insecure', 'TLS needs the OpenSSL of this Node'],
  ...onStreams,
  ['a1.reset', null],
];

const onUnix: readonly Row[] = [
  ['c1.getsockopt SOL_SOCKET SO_PEERCRED', 'Node has no call for SO_PEERCRED on this socket'],
  ['u1 = socket AF_UNIX SOCK_DGRAM', 'Node has no datagrams for Unix sockets'],
  ...onStreams,
];

const onDatagrams: readonly Row[] = [
  ['u1 = socket AF_INET SOCK_DGRAM', null],
  ['u1.bind 127.0.0.1:$other', null],
  ['u2 = socket AF_INET SOCK_DGRAM', null],
  ['u2.sendto "abc" 127.0.0.1:$other', null],
  ['u1.recvfrom 2', null],
  ['u2.connect 127.0.0.1:$port', null],
  ['u2.sendto "x" 127.0.0.1:$other', 'libuv sends from a connected socket to its peer only'],
];

const joined = (family: string, place: string): readonly Row[] =>
  [
    `s1 = socket ${family} SOCK_STREAM`,
    `s1.bind ${place}`,
    's1.listen 5',
    `c1 = socket ${family} SOCK_STREAM`,
    `c1.connect ${place}`,
    'a1 = s1.accept',
  ].map(line => [line, null] as const);

/** A lab of the lines: each is ok, or UNSUPPORTED. */
const labOf = (rows: readonly Row[]): string =>
  [
    'lab: lines',
    'title: Lines',
    'let: { port: free, other: free }',
    'stages:',
    '  - do: |',
    ...rows.map(([line, lacks]) => `      ${line}${lacks === null ? '' : '  => UNSUPPORTED'}`),
  ].join('\n');

const cases: readonly (readonly [string, (folder: string) => readonly Row[]])[] = [
  ['TCP', () => [...joined('AF_INET', '127.0.0.1:$port'), ...onTcp]],
  ['Unix sockets', folder => [...joined('AF_UNIX', `unix:${folder}/u`), ...onUnix]],
  ['UDP', () => onDatagrams],
];

describe.runIf(onLinux)('without koffi', () => {
  test.each(cases)('lines on %s are done, or say what is missing', async (_, rowsIn) => {
    const folder = temporaryFolder();
    const rows = rowsIn(folder);
    const file = join(folder, 'lines.yaml');
    writeFileSync(file, labOf(rows));
    const run = sockbench('run', '--allow-net', file);
    const status = await run.ended;
    const out = run.out().toString();
    const lacking = rows.flatMap(([, lacks]) => lacks ?? []);
    for (const lacks of lacking) expect(out).toMatch(new RegExp(`= UNSUPPORTED .*${lacks}.*: ${why}`));
    expect(out.split('= UNSUPPORTED').length - 1).toBe(lacking.length);
    const told = `lines: ${lacking.length} passed, 0 failed, 0 skipped\n`;
    expect([status, run.err()]).toEqual([0, told]);
  });

  test('labs that need it are skipped with the reason, others pass', async () => {
    const run = sockbench('run', 'echo-server', 'zero-length', 'time-wait', 'tls-handshake', 'unix-socket');
    expect(await run.ended).toBe(0);
    const out = run.err();
    for (const lab of ['time-wait', 'tls-handshake', 'unix-socket'])
      expect(out).toContain(`${lab}: skipped: ${why}`);
    for (const lab of ['echo-server', 'zero-length'])
      expect(out).toMatch(new RegExp(`^${lab}: \\d+ passed, 0 failed, 0 skipped`, 'm'));
  });

  test.each([
    [['pipe', '-l', 'tls://127.0.0.1:0'], 'TLS needs the OpenSSL of this Node'],
    [['pipe', '-u', 'unix:/none'], 'Node has no datagrams for Unix sockets'],
  ])('%j is one sentence', async (args, lacks) => {
    const run = sockbench(...args);
    expect(await run.ended).toBe(1);
    expect(run.err()).toContain(`${lacks}: ${why}`);
    expect(run.err().trim().split('\n')).toHaveLength(1);
  });
});
