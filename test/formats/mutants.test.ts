import { expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { exportFormats } from '../../source/formats/export-formats.ts';
import { readSession, type Session } from '../../source/formats/session/read-session.ts';
import { isFull, sizeOf } from '../support/sizes.ts';
import { mutant, recordings } from './mutants.ts';

const runs = sizeOf('spoiled sessions');

/** Bytes of an export that are looked at: a session may say that gigabytes were sent. */
const enough = 4_000_000;

const exported = (session: Session): void => {
  for (const make of Object.values(exportFormats)) {
    const result = make(session);
    let size = 0;
    if (!result.ok) expect(result.message).not.toContain('\n');
    else
      for (const piece of result.pieces) {
        size += piece.length;
        if (size > enough) break;
      }
  }
};

const replayed = ({ entries, header, cut }: Session): void => {
  const { control } = createReplay({ entries, began: Date.parse(header.began), start: header.start, cut });
  for (let left = entries.length; left > 0; left--) control.step(-1);
};

/** From every entry one can go to its cause and on to the cause of that, and comes to an end. */
const tracesEnd = ({ entries }: Session): void => {
  const first = entries[0]?.n ?? 1;
  for (const entry of entries) {
    let steps = 0;
    for (let at = entry; at?.by !== undefined; at = entries[at.by - first]!)
      if (++steps > entries.length) throw new Error(`the causes of #${entry.n} run in a circle`);
  }
};

const used = (session: Session): void => {
  exported(session);
  replayed(session);
  tracesEnd(session);
};

test.each([...recordings])('the recording %s is read whole, exported and replayed', (name, lines) => {
  const read = readSession(new TextEncoder().encode(`${lines.join('\n')}\n`), name);
  if (!read.ok) throw new Error(read.message);
  expect(read.session.entries).toHaveLength(lines.length - 1);
  used(read.session);
});

test('a spoiled session is refused in one line that says where, or throws nowhere after it was read', () => {
  let read = 0;
  let refused = 0;
  for (let seed = 0; seed < runs; seed++) {
    try {
      const result = readSession(mutant(seed), 'mutant');
      if (result.ok) {
        read++;
        used(result.session);
        continue;
      }
      refused++;
      expect(result.message).toMatch(/^mutant( line \d+)?: [^\n]{1,400}$/);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).stack}`);
    }
  }
  if (isFull) process.stdout.write(`${runs} spoiled: ${read} read, ${refused} refused, 0 threw\n`);
  expect(read).toBeGreaterThan(runs / 10);
  expect(refused).toBeGreaterThan(runs / 10);
});
