import { truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReplay, createShows } from '../../source/bench/engine/create-replay.ts';
import { readSession, type Session } from '../../source/formats/session/read-session.ts';
import { storedSession } from '../../source/formats/session/stored-entries.ts';
import { sizeOf } from '../support/sizes.ts';
import { longSession } from './long-session.ts';
import { mutant, recordings } from './mutants.ts';
import { opened } from './opened.ts';

const bytesOf = (lines: readonly string[]): Uint8Array => Buffer.from(`${lines.join('\n')}\n`);

const replayOf = ({ entries, header, cut }: Session) =>
  createReplay({ entries, began: Date.parse(header.began), start: header.start, cut });

/** The session is the same, entry for entry and state for state, whether it is held or read when it is looked at. */
const agrees = (data: Uint8Array, step = 1, what = ''): void =>
  opened(data, fd => {
    const whole = readSession(data, 'x');
    const { take, shows } = createShows();
    const read = storedSession({ fd, size: data.length, name: 'x' }, take);
    if (!read) return;
    if (!read.ok || !whole.ok) return expect(read, what).toEqual(whole);
    const { stored, header, cut } = read;
    const { entries } = whole.session;
    expect({ header, cut, length: stored.length }, what).toEqual({
      header: whole.session.header,
      cut: whole.session.cut,
      length: entries.length,
    });
    if (entries.length === 0) return;
    expect(stored.slice(0, stored.length), what).toEqual(entries);
    expect(entries.map((_, index) => stored.timeAt(index))).toEqual(entries.map(({ t }) => t));
    const one = replayOf(whole.session);
    const prepared = { entries: stored, ...stored, shows: shows() };
    const other = createReplay({ entries: prepared, began: one.source.began, start: header.start, cut });
    expect(other.source.shows).toBe(one.source.shows);
    for (let n = entries.at(-1)!.n; n >= entries[0]!.n; n -= step) {
      one.control.seek(n);
      other.control.seek(n);
      expect(other.source.state(), `${what} #${n}`).toEqual(one.source.state());
      expect(other.control.view()).toEqual(one.control.view());
    }
  });

describe('a session whose entries are read when they are looked at', () => {
  it.each([...recordings])('is what it is when read whole: %s', (_, lines) => agrees(bytesOf(lines)));

  it('is so where it is long', () => {
    const lines = longSession(3_000);
    expect(lines.length).toBeGreaterThan(12_000);
    agrees(bytesOf(lines), 997);
  });

  it('is refused with the same sentence, whatever is wrong with it', () => {
    for (let seed = 0; seed < sizeOf('spoiled sessions') / 8; seed++) agrees(mutant(seed), 7, `seed ${seed}`);
  });

  it('has a note where its file became shorter meanwhile', () => {
    const data = bytesOf(longSession(2_000));
    opened(data, (fd, path) => {
      const read = storedSession({ fd, size: data.length, name: 'x.jsonl' }, () => {});
      if (!read?.ok) throw new Error('it is a session');
      truncateSync(path, 1_000_000);
      const { stored } = read;
      expect(stored.at(0)).toMatchObject({ kind: 'ended', n: 1 });
      expect(stored.at(stored.length - 1)).toMatchObject({
        kind: 'note',
        n: stored.length,
        text: 'x.jsonl: it has become shorter while it was read',
      });
    });
  });
});
