import { describe, expect, test } from 'vitest';
import type { Entry } from '../../source/core/model/entry.ts';
import { exportFormats } from '../../source/formats/export-formats.ts';
import { formatVersion, stateToJson } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { upgradeFrom } from '../../source/formats/session/upgrade.ts';
import type { Step } from '../../source/formats/session/upgrade-step.ts';
import { sentenceOf } from '../support/words.ts';
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

describe('findings of version 1, which kept their words', () => {
  const findingsOf = (entries: readonly Entry[]) =>
    entries.flatMap(entry => (entry.kind === 'finding' ? [entry.finding] : []));

  const sessionOf = (lines: readonly string[]) => {
    const result = readSession(Buffer.from(`${lines.join('\n')}\n`), 'old');
    if (!result.ok) throw new Error(result.message);
    return result.session;
  };

  /** A session of version 1 that begins with the recording's own entries and ends with a finding of these fields. */
  const ending = (fields: object, before: readonly string[] = [recordings.get('deadlock.jsonl')![0]!]) => {
    const last = JSON.parse(before.at(-1)!);
    const finding = { key: 'k', sockets: [], calls: [], until: null, ...fields };
    const entry = { kind: 'finding', t: last.t ?? 0, n: (last.n ?? 0) + 1, on: true, finding };
    return findingsOf(sessionOf([...before, JSON.stringify(entry)]).entries).at(-1);
  };

  test('are concluded again from the entries before them, and read as they did', () => {
    const lines = recordings.get('deadlock.jsonl')!;
    const words = lines.flatMap(line => {
      const { kind, finding } = JSON.parse(line);
      return kind === 'finding' ? [finding.sentence] : [];
    });
    expect(words.length).toBeGreaterThan(1);
    const found = findingsOf(sessionOf(lines).entries);
    expect(found.map(({ name }) => name)).toEqual(words.map(() => 'deadlock'));
    expect(found.map(sentenceOf)).toEqual(words);
  });

  test("keep their words where they cannot be, without the keys that may not be the reader's", () => {
    const sentence = 'DEADLOCK: a cancel (x) of c1.recv by a thread of its own (P)';
    expect(ending({ name: 'deadlock', sentence, calls: [1] })).toEqual({
      name: 'worded',
      was: 'deadlock',
      key: 'k',
      sockets: [],
      calls: [1],
      words: 'DEADLOCK: a cancel of c1.recv by a thread of its own',
      until: null,
    });
  });

  test('tell of the program around the bench in their words alone: those are read', () => {
    expect(ending({ name: 'descriptors', sentence: '750 of 1024 descriptors are open: at ...' })).toEqual({
      name: 'descriptors',
      key: 'k',
      sockets: [],
      open: 750,
      limit: 1024,
    });
    const trouble = 'x.jsonl cannot be written: the disk is full (ENOSPC)';
    const sentence = `the recording ends here: ${trouble}`;
    expect(ending({ name: 'recording', sentence })).toMatchObject({
      name: 'recording',
      begun: true,
      trouble,
    });
  });

  test('are concluded again in a checkpoint too', () => {
    const lines = recordings.get('deadlock.jsonl')!;
    const at = lines.findIndex(line => JSON.parse(line).kind === 'finding');
    const { entries, state } = sessionOf(lines.slice(0, at + 1));
    const old = { ...JSON.parse(lines[at]!).finding };
    const whole = stateToJson(state);
    const n = entries.length + 1;
    const checkpoint = { kind: 'checkpoint', t: state.t, n, prev: 0, state: { ...whole, findings: [old] } };
    const header = JSON.stringify({ ...JSON.parse(lines[0]!), sockbench: 1 });
    const again = sessionOf([header, JSON.stringify(checkpoint)]);
    expect([...again.state.findings.values()]).toEqual([...state.findings.values()]);
  });
});
