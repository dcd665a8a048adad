import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { safeJson, safeLines } from '../../source/core/bytes/printable.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { commandLine } from '../labs/command-line.ts';
import { hostileFields, hostileLab } from '../support/hostile-lab.ts';
import { sessionFile } from '../support/line-session.ts';
import { sizeOf } from '../support/sizes.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-hostile-'));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

let lines: readonly string[] = [];
let good = '';

beforeAll(async () => {
  ensureBuilt();
  const script = [
    's1 = socket AF_INET SOCK_STREAM',
    's1.bind 127.0.0.1:0',
    's1.listen 1',
    'me = s1.getsockname',
    'c1 = socket AF_INET SOCK_STREAM',
    'c1.connect $me',
    'a1 = s1.accept',
    'c1.send "hello"',
    'a1.recv 100',
    'getservbyname "nothing" => OSError',
    'c1.setsockopt SO_LINGER on 0 => ValueError',
    'c1.close',
  ];
  const text = await sessionFile(script);
  lines = text.toString().trimEnd().split('\n');
  good = file('good.jsonl', text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = sizeOf('hostile words');

/** What no line of a person's may hold raw; a newline ends one. */
const forbidden = /[\x00-\x09\x0b-\x1f\x7f-\x9f]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

const expectSafe = (printed: string): void => {
  const found = forbidden.exec(printed);
  if (!found) return;
  const around = JSON.stringify(printed.slice(Math.max(0, found.index - 80), found.index + 40));
  expect.fail(`U+${found[0].codePointAt(0)!.toString(16)} went out raw: ${around}`);
};

const attacks = [
  '\x1b]0;owned\x07',
  '\x1b[2J\x1b[H',
  '\x9b2J',
  '\x9d0;owned\x9c',
  '\x1bP q\x1b\\',
  '\u202e\u2066\u200f',
  '\u200b\u2060\ufeff\u00ad',
  '\ud800',
  '\udfff',
  '\u2028\u2029',
  '\u{e0041}\u{1d173}',
  '\r',
  '\t',
  '\x7f',
  '\u061c',
];

const one = fc.oneof(
  fc.constantFrom(...attacks),
  fc.integer({ min: 1, max: 0x1f }).map(code => String.fromCharCode(code)),
  fc.integer({ min: 0x7f, max: 0xa0 }).map(code => String.fromCharCode(code)),
  fc.constantFrom('a', '1', ' ', '-', ':', '.', '"', '\\', '中', 'é'),
);
/** Never `-` alone, which reads standard input. */
const hostile = fc.array(one, { minLength: 1, maxLength: 6 }).map(parts => `w${parts.join('')}`);

/** What was printed by the command line, both streams. */
const printed = async (...words: readonly string[]): Promise<string> => {
  const { out, err } = await commandLine(...words);
  return out + err;
};

describe('what a person reads holds nothing that a terminal obeys', () => {
  test('words of the command line', async () => {
    const words = (word: string): (readonly string[])[] => [
      [word],
      [`--${word}`],
      ['run', word],
      ['run', '-e', word],
      ['run', '-e', 's1 = socket', `s1.settimeout ${word}`, `c1.send file${JSON.stringify(word)}`],
      ['run', '-e', `getservbyname ${JSON.stringify(word)}`, `c1.send "x" => ${word}`],
      ['run', '--json', '-e', `getservbyname ${JSON.stringify(word)}`],
      ['run', '--record', join(folder, word, 'x'), '-e', 's1 = socket'],
      ['run', '-e', 's1 = socket', '--', word],
      ['export', word, '--to', 'python'],
      ['export', good, '--to', word],
      ['export', good, '--to', 'python', '-o', join(folder, word, 'x')],
      ['labs', '--lang', word],
      ['--config', join(folder, word), 'keys'],
      ['replay', word],
      ['lab', word],
      ['listen', word],
      ['connect', word, word],
    ];
    const property = fc.asyncProperty(hostile, fc.nat(), async (word, which) => {
      const list = words(word);
      expectSafe(await printed(...list[which % list.length]!));
    });
    await fc.assert(property, { numRuns: 2 * runs });
    for (const list of words(attacks.join(''))) expectSafe(await printed(...list));
  });

  test('fields of labs and settings', async () => {
    const settings = (word: string, at: number): string =>
      [
        `{ ${JSON.stringify(word)}: 1 }`,
        `keys: { connect: ${JSON.stringify(word)} }`,
        word,
        `policy: ${JSON.stringify(word)}`,
      ][at % 4]!;
    const property = fc.asyncProperty(hostile, fc.nat(hostileFields - 1), async (word, at) => {
      expectSafe(await printed('run', file('lab.yaml', hostileLab(word, at))));
      expectSafe(await printed('--config', file('settings.yaml', settings(word, at)), 'keys'));
    });
    await fc.assert(property, { numRuns: runs });
  });

  test('fields of a session, whatever it is exported to', async () => {
    /** The value with the nth of its strings changed. */
    const changed = (value: unknown, which: { left: number }, word: string): unknown => {
      if (typeof value === 'string') return which.left-- === 0 ? `${value}${word}` : value;
      if (Array.isArray(value)) return value.map(each => changed(each, which, word));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, changed(each, which, word)]),
      );
    };
    const formats = fc.constantFrom('python', 'lab', 'strace', 'jsonl');
    const property = fc.asyncProperty(
      hostile,
      fc.nat(),
      fc.nat(5),
      formats,
      async (word, line, at, format) => {
        const forged = lines.map((text, index) =>
          index === line % lines.length
            ? JSON.stringify(changed(JSON.parse(text), { left: at }, word))
            : text,
        );
        const path = file('forged.jsonl', `${forged.join('\n')}\n`);
        expectSafe(await printed('export', path, '--to', format));
      },
    );
    await fc.assert(property, { numRuns: 4 * runs });
  });

  test('folders that the environment names', async () => {
    for (const word of attacks) {
      vi.stubEnv('XDG_CONFIG_HOME', join(folder, word));
      vi.stubEnv('XDG_DATA_HOME', join(folder, word));
      for (const words of [['doctor'], ['doctor', '--json']]) expectSafe(await printed(...words));
    }
    vi.unstubAllEnvs();
  });

  test('the real program, byte by byte', () => {
    const word = attacks.join('').replaceAll('\0', '');
    const run = (...args: string[]) => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [join(projectFolder, 'bin/sockbench.cjs'), ...args],
        {
          input: `c1 = socket\nc1.send "\xff${word}"\n`,
          env: { ...process.env, NODE_COMPILE_CACHE: '', XDG_CONFIG_HOME: `/tmp/${word}` },
        },
      );
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat([stdout, stderr]));
    };
    for (const args of [[`--${word}`], ['run', word], ['run', '-'], ['run', '--json', '-'], ['doctor']])
      expectSafe(run(...args));
  });
});

describe('the gate', () => {
  const anyText = fc.string({
    unit: fc.oneof(one, fc.constant('\n'), fc.string({ unit: 'binary', maxLength: 1 })),
  });

  test('leaves nothing raw but newlines, and what is safe alone', () => {
    fc.assert(
      fc.property(anyText, text => {
        const safe = safeLines(text);
        expectSafe(safe);
        expect(safe.split('\n')).toHaveLength(text.split('\n').length);
        expect(safeLines(safe)).toBe(safe);
      }),
      { numRuns: 40 * runs },
    );
  });

  /**
   * V8 takes an escaped key for that of an object parsed before which has a backslash in its place (JSON.parse of Node 24.21):
   * no key has one here.
   */
  const withoutBackslashes = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withoutBackslashes);
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value);
    return Object.fromEntries(fields.map(([key, of]) => [key.replaceAll('\\', '/'), withoutBackslashes(of)]));
  };

  test('leaves JSON the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), anyText, (value, text) => {
        const all = withoutBackslashes({ value, text, [text]: 1 });
        for (const indent of [undefined, 2]) {
          const safe = safeJson(JSON.stringify(all, null, indent));
          expectSafe(safe);
          expect(JSON.stringify(JSON.parse(safe))).toBe(JSON.stringify(all));
        }
      }),
      { numRuns: 40 * runs },
    );
  });
});
