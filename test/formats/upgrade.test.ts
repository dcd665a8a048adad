import { describe, expect, test } from 'vitest';
import { exportFormats } from '../../source/formats/export-formats.ts';
import { formatVersion } from '../../source/formats/jsonl.ts';
import { readSession } from '../../source/formats/session.ts';
import { type Step, upgradeFrom } from '../../source/formats/upgrade.ts';
import { recordings } from './mutants.ts';

const mark =
  (word: string) =>
  (json: object): { marks?: string } => ({
    ...json,
    marks: `${(json as { marks?: string }).marks ?? ''}${word}`,
  });

const table: readonly Step[] = [
  { since: 2, header: mark('a'), entry: mark('a') },
  { since: 3, entry: mark('b'), state: mark('b') },
];

describe('a line of an older version', () => {
  test('goes through the steps that came since, in order', () => {
    expect(upgradeFrom(1, table).header({})).toEqual({ marks: 'a' });
    expect(upgradeFrom(1, table).entry({ kind: 'note' })).toEqual({ kind: 'note', marks: 'ab' });
    expect(upgradeFrom(2, table).entry({ kind: 'note' })).toEqual({ kind: 'note', marks: 'b' });
    expect(upgradeFrom(3, table).entry({ kind: 'note' })).toEqual({ kind: 'note' });
  });

  test("has a checkpoint's state changed too", () => {
    const checkpoint = { kind: 'checkpoint', state: { t: 1 } };
    expect(upgradeFrom(2, table).entry(checkpoint)).toEqual({
      kind: 'checkpoint',
      marks: 'b',
      state: { t: 1, marks: 'b' },
    });
  });

  test.each([[null], [[]], ['x'], [1]])('is left as it is where it is no object: %j', value => {
    expect(upgradeFrom(1, table).entry(value)).toBe(value);
    expect(upgradeFrom(1, table).header(value)).toBe(value);
  });
});

test.each([...recordings])(
  'the recording %s of version 1 is exported in the version of today',
  (name, lines) => {
    expect(JSON.parse(lines[0]!).sockbench).toBe(1);
    const read = readSession(Buffer.from(`${lines.join('\n')}\n`), name);
    if (!read.ok) throw new Error(read.message);
    const exported = exportFormats.jsonl(read.session);
    if (!exported.ok) throw new Error(exported.message);
    const text = [...exported.pieces].join('');
    expect(JSON.parse(text.split('\n')[0]!).sockbench).toBe(formatVersion);
    const again = readSession(Buffer.from(text), name);
    expect(again).toEqual({ ok: true, session: read.session });
  },
);
