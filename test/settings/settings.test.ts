import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readHistory, writeHistory } from '../../source/settings/history.ts';
import { readSettings } from '../../source/settings/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'settings.yaml');

const read = (text: string) => {
  writeFileSync(file, text);
  return readSettings(file, true);
};

describe('a settings file', () => {
  it('is read', async () => {
    expect(await read('policy: single\nascii: true\nkeys: { connect: [c, alt-c], send: s }\n')).toEqual({
      ok: true,
      settings: { policy: 'single', ascii: true, keys: { connect: ['c', 'alt-c'], send: 's' } },
    });
    expect(await read('# nothing yet\n')).toEqual({ ok: true, settings: {} });
  });

  it.each([
    [
      'a key that there is not',
      'ascii: true\ncolour: no\n',
      '2:1: there is no setting "colour": did you mean color?',
    ],
    ['a word for a flag', 'ascii: maybe\n', '1:8: ascii: true or false is meant here'],
    [
      'a policy that there is not',
      'policy: many\n',
      '1:9: policy: one of single, per-socket, duplex is meant here',
    ],
    ['a number for keys', '\nkeys: 5\n', '2:7: keys: commands and their keys are meant here'],
    [
      'a number for a key',
      'keys:\n  connect: 5\n',
      '2:12: keys: connect: a key or a list of keys is meant here',
    ],
    ['a list', '- 1\n', '1:1: settings are lines like ascii: true'],
    ['no YAML', 'ascii: [\n', '2:1: '],
    ['an alias', 'ascii: &a true\ncolor: *a\n', '1:1: aliases (*name) are not used'],
  ])('with %s is refused with its place', async (_, text, message) => {
    const result = await read(text);
    expect(result.ok ? '' : result.message).toContain(`${file}:${message}`);
  });

  it('may be missing where nobody named it', async () => {
    const missing = join(folder, 'none.yaml');
    expect(await readSettings(missing, false)).toEqual({ ok: true, settings: {} });
    expect(await readSettings(missing, true)).toEqual({
      ok: false,
      message: `${missing}: there is no such file`,
    });
  });
});

describe('the history', () => {
  const history = join(folder, 'deep', 'history.json');

  it('comes back as it was written, the newest 500 lines, for its owner alone', async () => {
    const modes = ['text', 'hex', 'file'] as const;
    const send = Array.from({ length: 600 }, (_, n) => ({ text: `line ${n}`, mode: modes[n % 3]! }));
    await writeHistory(history, { send, palette: ['listen 9000'] });
    expect(await readHistory(history)).toEqual({ send: send.slice(100), palette: ['listen 9000'] });
    expect(statSync(history).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
  });

  it('of a version that knew text alone is read', async () => {
    writeFileSync(history, '{"send":["ping",7,null,{"hex":"00"},{"hex":3}],"palette":[]}');
    const { send } = await readHistory(history);
    expect(send).toEqual([
      { text: 'ping', mode: 'text' },
      { text: '00', mode: 'hex' },
    ]);
  });

  it.each(['', '{', '[]', '{"send":"x","palette":[1,"y"]}'])(
    'that holds %j is empty where it is none',
    async text => {
      writeFileSync(history, text);
      const { send, palette } = await readHistory(history);
      expect(send).toEqual([]);
      expect(palette.every(line => line === 'y')).toBe(true);
      expect(readFileSync(history, 'utf8')).toBe(text);
    },
  );
});
