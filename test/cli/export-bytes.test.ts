import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { walkBytes } from '../../source/cli/sessions/bytes-of-session.ts';
import { walkSessionFile } from '../../source/cli/sessions/session-file.ts';
import { encodeEntry } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { commandLine } from '../labs/command-line.ts';
import { connection, sessionFile, sessionOf } from '../support/line-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-bytes-'));
const file = (name: string): string => join(folder, name);
const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

beforeAll(async () => {
  const lines = [
    ...connection,
    `c1.send hex"${every.toString('hex')}"`,
    'a1.recv 4096',
    'a1.send "first"',
    'c1.recv 4096',
    'c1.close',
    'a1.close',
  ];
  writeFileSync(file('one.jsonl'), await sessionFile(lines));
  const again = ['c1 = socket', 'c1.connect $where', 'a2 = s1.accept', 'a2.send "second"', 'c1.recv 4096'];
  writeFileSync(file('two.jsonl'), await sessionFile([...lines, ...again]));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const exported = (from: string, ...words: readonly string[]) =>
  commandLine('export', file(from), '--to', 'bytes', ...words);

describe('sockbench export --to bytes', () => {
  test('writes what a socket received, or sent, and nothing else', async () => {
    expect(await exported('one.jsonl', '--socket', 'a1', '-o', file('a1'))).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(readFileSync(file('a1'))).toEqual(every);
    expect(statSync(file('a1')).mode & 0o777).toBe(0o600);
    expect((await exported('one.jsonl', '--socket', 'c1')).out).toBe('first');
    await exported('one.jsonl', '--socket', 'c1', '--sent', '-o', file('c1'));
    expect(readFileSync(file('c1'))).toEqual(every);
    expect(await exported('one.jsonl', '--socket', 's1')).toEqual({ code: 0, out: '', err: '' });
  });

  test('overwrites nothing', async () => {
    writeFileSync(file('mine'), 'mine');
    const { code, err } = await exported('one.jsonl', '--socket', 'a1', '-o', file('mine'));
    expect(code).toBe(2);
    expect(err).toContain('is there already; nothing is overwritten');
    expect(readFileSync(file('mine'), 'utf8')).toBe('mine');
  });

  test('of a name that two sockets had takes the last, and says so', async () => {
    const { code, out, err } = await exported('two.jsonl', '--socket', 'c1');
    expect({ code, out }).toEqual({ code: 0, out: 'second' });
    expect(err).toMatch(/1 socket before #\d+ had the name c1 too/);
  });

  test('says how many bytes the session does not hold, and exits 1', async () => {
    const lines = readFileSync(file('one.jsonl'), 'utf8').split('\n');
    // One that was held up has entries before its end.
    const at = lines.findIndex(line => line.includes('"a1.recv') && line.includes('"kind":"ended"'));
    const entry = JSON.parse(lines[at]!);
    entry.outcome = { kind: 'data', data: { text: '' }, dropped: 256 };
    lines[at] = JSON.stringify(entry);
    writeFileSync(file('dropped.jsonl'), lines.join('\n'));
    const { code, out, err } = await exported('dropped.jsonl', '--socket', 'a1');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('0 bytes saved of the 256 that a1 received: 256 bytes are missing');
  });

  test('says how many bytes were before a session that begins midway', async () => {
    const { header, entries, state } = await sessionOf([...connection, 'c1.send "before"', 'a1.recv 6']);
    const n = entries.at(-1)!.n + 1;
    const t = entries.at(-1)!.t;
    writeFileSync(file('midway.jsonl'), `${JSON.stringify(header)}\n`);
    appendFileSync(file('midway.jsonl'), `${encodeEntry({ kind: 'checkpoint', n, prev: 0, t, state })}\n`);
    const { code, err } = await exported('midway.jsonl', '--socket', 'a1');
    expect(code).toBe(1);
    expect(err).toContain('0 bytes saved of the 6 that a1 received: 6 bytes are missing, 6 before its first');
  });

  test.each(['deadlock.jsonl', 'files-and-datagrams.jsonl', 'foreign-peers.jsonl'])(
    'reads what an older version recorded: %s',
    async name => {
      const old = join(import.meta.dirname, '../formats/fixtures', name);
      const read = readSession(readFileSync(old), name);
      if (!read.ok) throw new Error(read.message);
      const { state } = read.session;
      for (const { name: socket, received, sent } of state.sockets.values()) {
        const out = file(`${name}-${socket}`);
        expect((await commandLine('export', old, '--to', 'bytes', '--socket', socket, '-o', out)).code).toBe(
          0,
        );
        expect(statSync(out).size).toBe(received);
        const words = ['--socket', socket, '--sent', '-o', `${out}-sent`];
        expect((await commandLine('export', old, '--to', 'bytes', ...words)).code).toBe(0);
        expect(statSync(`${out}-sent`).size).toBe(sent);
      }
    },
  );

  test.each([
    ['a socket that there is not', ['--socket', 'c9'], 'there is no socket c9: there are a1, c1, s1'],
    ['no socket', [], '--to bytes needs --socket NAME'],
  ])('exits 2 with one sentence for %s', async (_, words, message) => {
    const { code, out, err } = await exported('one.jsonl', ...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test('--socket goes with bytes alone', async () => {
    const { code, err } = await commandLine('export', file('one.jsonl'), '--to', 'lab', '--socket', 'c1');
    expect(code).toBe(2);
    expect(err).toContain('--socket and --sent go with --to bytes alone');
  });
});

test('a long session goes through a few entries at a time', async () => {
  const piece = 64 * 1024;
  const times = 320;
  const { entries } = await sessionOf([...connection, `c1.send ${piece} of "x"`, 'a1.recv 1MiB']);
  const lines = readFileSync(file('one.jsonl'), 'utf8').split('\n', 1);
  const last = entries.at(-1)!;
  if (last.kind !== 'ended') throw new Error('a recv was to be the last entry');
  const digest = createHash('sha256');
  lines.push(...entries.slice(0, -1).map(encodeEntry));
  for (let i = 0; i < times; i++) {
    const data = Buffer.alloc(piece, i % 256);
    digest.update(data);
    lines.push(encodeEntry({ ...last, n: last.n + i, outcome: { kind: 'data', data } }));
  }
  writeFileSync(file('long.jsonl'), `${lines.join('\n')}\n`);
  const got = createHash('sha256');
  let most = 0;
  const walk = async (see: Parameters<typeof walkSessionFile>[1]) => {
    const walked = await walkSessionFile(file('long.jsonl'), some => {
      most = Math.max(most, some.length);
      return see(some);
    });
    return walked.ok ? null : walked.message;
  };
  const wanted = { kind: 'socket', socket: 'a1', direction: 'received' } as const;
  const trouble = await walkBytes(walk, wanted, 0, async bytes => {
    got.update(bytes);
  });
  expect(trouble).toBe(null);
  expect(got.digest('hex')).toBe(digest.digest('hex'));
  expect(most).toBeLessThan(times / 4);
});
