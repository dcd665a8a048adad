import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportFormats } from '../../source/formats/export-formats.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { Changed, linkedSession } from '../../source/formats/session/stored-session.ts';
import { labSession } from '../support/lab-session.ts';
import { sizeOf } from '../support/sizes.ts';
import { mutant, recordings } from './mutants.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-streamed-'));
const file = join(folder, 'x.jsonl');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened = <T>(data: Uint8Array, use: (fd: number) => T): T => {
  writeFileSync(file, data);
  const fd = openSync(file, 'r');
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
};

const joined = (pieces: Iterable<string | Uint8Array>): string =>
  Buffer.concat([...pieces].map(piece => Buffer.from(piece))).toString('latin1');

/** What a session that is read whole becomes, or why it is none. */
const whole = (data: Uint8Array): string => {
  const read = readSession(data, 'x');
  if (!read.ok) return read.message;
  const exported = exportFormats.jsonl(read.session);
  return exported.ok ? joined(exported.pieces) : exported.message;
};

/** The same of one that is read a part at a time; null: it is one that must be read whole. */
const streamed = (data: Uint8Array): string | null =>
  opened(data, fd => {
    const linked = linkedSession({ fd, size: data.length, name: 'x' });
    if (!linked) return null;
    return linked.ok ? joined(linked.lines) : linked.message;
  });

const labs = ['connect', 'file-object', 'half-close', 'server', 'udp-server', 'backlog'];

describe('a session that is exported without being held', () => {
  it.each([...recordings])('is byte for byte what it is when read whole: %s', (_, lines) => {
    const data = Buffer.from(`${lines.join('\n')}\n`);
    const result = streamed(data);
    if (result !== null) expect(result).toBe(whole(data));
  });

  it.each(labs)('of the lab %s too', async lab => {
    const session = await labSession(lab);
    // Skipped on this machine.
    if (!session) return;
    const exported = exportFormats.jsonl(session);
    if (!exported.ok) throw new Error(exported.message);
    const data = Buffer.from(joined(exported.pieces), 'latin1');
    expect(streamed(data)).toBe(whole(data));
  });

  it('is refused with the same sentence, whatever is wrong with it', () => {
    for (let seed = 0; seed < sizeOf('spoiled sessions'); seed++) {
      const data = mutant(seed);
      const result = streamed(data);
      if (result !== null) expect(result, `seed ${seed}`).toBe(whole(data));
    }
  });

  it('says so where the file became shorter meanwhile', () => {
    const lines = [...recordings.values()].at(-1)!;
    const data = Buffer.from(`${lines.join('\n')}\n`);
    opened(data, fd => {
      const linked = linkedSession({ fd, size: data.length, name: 'x' });
      if (!linked?.ok) throw new Error('it is a session');
      truncateSync(file, data.length - 300);
      expect(() => joined(linked.lines)).toThrow(Changed);
    });
    expect(readFileSync(file).length).toBe(data.length - 300);
  });
});
