import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../labs/command-line.ts';
import { sessionFile } from '../support/line-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-export-'));
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  writeFileSync(file('good.jsonl'), await sessionFile(['c1 = socket AF_INET SOCK_STREAM', 'c1.close']));
  writeFileSync(file('cut.jsonl'), readFileSync(file('good.jsonl')).subarray(0, -5));
  writeFileSync(file('other.txt'), 'hello\n');
  writeFileSync(file('huge.jsonl'), '');
  // A hole: it takes no room on the disk.
  truncateSync(file('huge.jsonl'), 3 * 2 ** 30);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('sockbench export', () => {
  test('prints the code on standard output, and nothing else', async () => {
    const { code, out, err } = await commandLine('export', file('good.jsonl'), '--to', 'python');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('c1 = socket.socket(socket.AF_INET, socket.SOCK_STREAM)');
  });

  test('writes the session again as JSON lines, with its links', async () => {
    const { code, out } = await commandLine('export', file('good.jsonl'), '--to', 'jsonl');
    expect(code).toBe(0);
    const entries = out.trimEnd().split('\n').slice(1);
    expect(entries.map(line => JSON.parse(line).prev)).toEqual([0, 1]);
    writeFileSync(file('again.jsonl'), out);
    expect((await commandLine('export', file('again.jsonl'), '--to', 'jsonl')).out).toBe(out);
  });

  test('writes a new file for its owner alone, and overwrites none', async () => {
    const words = ['export', file('good.jsonl'), '--to', 'python', '-o', file('out.py')];
    expect(await commandLine(...words)).toEqual({ code: 0, out: '', err: '' });
    expect(statSync(file('out.py')).mode & 0o777).toBe(0o600);
    const again = await commandLine(...words);
    expect(again.code).toBe(2);
    expect(again.err).toContain('is there already');
  });

  test('says on standard error that the last line was cut off', async () => {
    const { code, out, err } = await commandLine('export', file('cut.jsonl'), '--to', 'jsonl');
    expect(code).toBe(0);
    expect(err).toContain('the last line is cut off');
    expect(out.split('\n').length).toBeLessThan(readFileSync(file('good.jsonl'), 'utf8').split('\n').length);
  });

  test.each([
    ['a format that there is not', 'good.jsonl', 'morse', 'there is no such format; there are python'],
    ['a file that there is not', 'none.jsonl', 'python', 'there is no such file'],
    ['a folder', '.', 'python', 'this is a folder'],
    ['a file that is no session', 'other.txt', 'python', 'this is no session file'],
    ['a file of more than 2 GiB', 'huge.jsonl', 'python', 'its beginning is a session too: head -c'],
  ])('exits 2 with one sentence for %s', async (_, name, to, message) => {
    const { code, out, err } = await commandLine('export', file(name), '--to', to);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
