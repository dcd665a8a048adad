import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SavedValue } from '../../source/core/model/saved-names.ts';
import { savedIn } from '../../source/settings/saved-in.ts';
import { forgetNamed, keepNamed } from '../../source/settings/saved-settings.ts';
import { readSettings } from '../../source/settings/settings.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-saved-'));
  file = join(folder, 'settings.yaml');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const endpoint = (address: string): SavedValue => ({ kind: 'endpoint', address });
const message = (text: string, mode: 'text' | 'hex' | 'file' = 'text'): SavedValue => ({
  kind: 'message',
  message: { mode, text },
});

const namesNow = async () => {
  const read = await readSettings(file, true);
  if (!read.ok) throw new Error(read.message);
  return savedIn(read.settings);
};

describe('what is kept under names', () => {
  it('stands in the settings, for their owner alone, and comes back as it was', async () => {
    const deep = join(folder, 'new', 'settings.yaml');
    await keepNamed(deep, 'db', endpoint('10.0.0.1:5432'));
    file = deep;
    expect(statSync(deep).mode & 0o777).toBe(0o600);
    const odd = `it's "quoted" # no comment: \\r\\n\\0\\xff`;
    await keepNamed(deep, 'hello', message(odd));
    await keepNamed(deep, 'probe', message('01 ff', 'hex'));
    await keepNamed(deep, 'page', message('~/a b.txt', 'file'));
    await keepNamed(deep, 'port', endpoint('9000'));
    expect(await namesNow()).toEqual({
      endpoints: { db: '10.0.0.1:5432', port: '9000' },
      messages: {
        hello: { mode: 'text', text: odd },
        probe: { mode: 'hex', text: '01 ff' },
        page: { mode: 'file', text: '~/a b.txt' },
      },
      rules: {},
    });
    expect(readdirSync(join(folder, 'new'))).toEqual(['settings.yaml']);
  });

  it('leaves what the person wrote, comments too', async () => {
    const own = '# mine\npolicy: single # one\n\nkeys:\n  # two keys\n  connect: [c, alt-c]\n';
    writeFileSync(file, own, { mode: 0o644 });
    await keepNamed(file, 'db', endpoint('10.0.0.1:5432'));
    const text = readFileSync(file, 'utf8');
    for (const part of ['# mine\npolicy: single # one\n', '# two keys', 'db:']) expect(text).toContain(part);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await forgetNamed(file, 'db');
    expect(readFileSync(file, 'utf8')).not.toContain('endpoints');
  });

  it('is one thing a name, of one kind', async () => {
    await keepNamed(file, 'x', endpoint('1.2.3.4:5'));
    expect(await keepNamed(file, 'x', endpoint('1.2.3.4:6'))).toMatchObject({
      ok: true,
      saved: { endpoints: { x: '1.2.3.4:6' } },
    });
    expect(await keepNamed(file, 'x', message('hi'))).toEqual({
      ok: false,
      message: 'x is the name of an address already: choose another name',
    });
    expect(await forgetNamed(file, 'y')).toEqual({
      ok: false,
      message: 'nothing is kept under the name y',
    });
  });

  it('is written through a link, which stays one', async () => {
    const real = join(folder, 'dotfile.yaml');
    writeFileSync(real, 'ascii: true\n');
    symlinkSync(real, file);
    await keepNamed(file, 'db', endpoint('10.0.0.1:5432'));
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('ascii: true\n');
    expect(readFileSync(real, 'utf8')).toContain('db:');
  });

  it('is not written into a file that is no settings file, and the sentence says where it is not', async () => {
    for (const [text, place] of [
      ['ascii: [\n', '2:1: '],
      ['colour: red\n', '1:1: there is no setting "colour"'],
      ['endpoints: { db: "a:b:c" }\n', '1:18: endpoints: db: "a:b:c": there is more than one colon'],
      ['endpoints: { "a b": "1" }\n', 'endpoints: a b: "a b" is no name for it'],
      ['endpoints: { a: 9000 }\n', 'endpoints: a: an address is meant here'],
      ['messages: { a: { hex: 0g } }\n', 'messages: a: "g" is no hex digit'],
      ['messages: { a: "\\\\q" }\n', 'messages: a: '],
      ['messages: 7\n', 'messages: names and messages are meant here'],
    ] as const) {
      writeFileSync(file, text);
      const result = await keepNamed(file, 'db', endpoint('10.0.0.1:5432'));
      expect(result.ok ? text : result.message).toContain(`${file}:`);
      expect(result.ok ? text : result.message).toContain(place);
      expect(result.ok ? '' : result.message.split('\n')).toHaveLength(1);
      expect(readFileSync(file, 'utf8')).toBe(text);
      expect(existsSync(`${file}.lock`)).toBe(false);
    }
  });

  it('is written although one died while it wrote', async () => {
    writeFileSync(`${file}.lock`, '1.1.1');
    const past = new Date(Date.now() - 60_000);
    utimesSync(`${file}.lock`, past, past);
    expect(await keepNamed(file, 'db', endpoint('10.0.0.1:5432'))).toMatchObject({ ok: true });
    expect(readdirSync(folder)).toEqual(['settings.yaml']);
  });
});

describe('several that keep names at a time', () => {
  const each = 12;

  /** A process of its own that keeps names, one after the other. */
  const another = async (prefix: string): Promise<void> => {
    const from = pathToFileURL(join(import.meta.dirname, '../../source/settings/saved-settings.ts')).href;
    const code = `const { keepNamed } = await import(${JSON.stringify(from)});
for (let i = 0; i < ${each}; i++) {
  const done = await keepNamed(${JSON.stringify(file)}, '${prefix}' + i, { kind: 'endpoint', address: '127.0.0.1:' + (9000 + i) });
  if (!done.ok) throw new Error(done.message);
}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    const [status] = await once(child, 'exit');
    expect(status).toBe(0);
  };

  it('lose nothing', async () => {
    writeFileSync(file, '# mine\n');
    const own = async () => {
      for (let i = 0; i < each; i++) await keepNamed(file, `c${i}`, message('hi'));
    };
    await Promise.all([another('a'), another('b'), own(), keepNamed(file, 'd0', message('hi'))]);
    const { endpoints, messages } = await namesNow();
    expect(Object.keys(endpoints)).toHaveLength(2 * each);
    expect(Object.keys(messages)).toHaveLength(each + 1);
    expect(readFileSync(file, 'utf8')).toContain('# mine');
    expect(readdirSync(folder)).toEqual(['settings.yaml']);
  });
});
