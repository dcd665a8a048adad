import { truncateSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type ExportName, exportNames } from '../../source/core/model/exports.ts';
import { exportFormats, streamedFormats } from '../../source/formats/export-formats.ts';
import { Changed } from '../../source/formats/session/entry-places.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { labSession } from '../support/lab-session.ts';
import { sizeOf } from '../support/sizes.ts';
import { longSession } from './long-session.ts';
import { mutant, recordings } from './mutants.ts';
import { opened } from './opened.ts';

/** Bytes that are compared: a session may say that gigabytes were sent. */
const enough = 4_000_000;

const joined = (pieces: Iterable<string | Uint8Array>): string => {
  let text = '';
  for (const piece of pieces) {
    text += Buffer.from(piece).toString('latin1');
    if (text.length > enough) break;
  }
  return text;
};

/** What a session that is read whole becomes, or why it is none. */
const whole = (data: Uint8Array, format: ExportName): string => {
  const read = readSession(data, 'x');
  if (!read.ok) return read.message;
  const exported = exportFormats[format](read.session);
  return exported.ok ? joined(exported.pieces) : exported.message;
};

/** The same of one that is read a part at a time; null: it is one that must be read whole. */
const streamed = (data: Uint8Array, format: ExportName): string | null =>
  opened(data, fd => {
    const read = streamedFormats[format]!({ fd, size: data.length, name: 'x' });
    if (!read) return null;
    return read.ok ? joined(read.pieces) : read.message;
  });

const formats = exportNames.filter(format => streamedFormats[format]);

/** It is byte for byte the same either way. */
const agrees = (data: Uint8Array, what = ''): void => {
  for (const format of formats) {
    const result = streamed(data, format);
    if (result !== null) expect(result, `${what} ${format}`).toBe(whole(data, format));
  }
};

const labs = ['connect', 'file-object', 'half-close', 'server', 'udp-server', 'backlog'];

describe('a session that is exported without being held', () => {
  it.each([...recordings])('is what it is when read whole: %s', (_, lines) => {
    agrees(Buffer.from(`${lines.join('\n')}\n`));
  });

  it.each(labs)('is of the lab %s too', async lab => {
    const session = await labSession(lab);
    // Skipped on this machine.
    if (!session) return;
    const exported = exportFormats.jsonl(session);
    if (!exported.ok) throw new Error(exported.message);
    agrees(Buffer.from(joined(exported.pieces), 'latin1'));
  });

  it('is refused with the same sentence, whatever is wrong with it', () => {
    for (let seed = 0; seed < sizeOf('spoiled sessions') / 4; seed++) agrees(mutant(seed), `seed ${seed}`);
  });

  it.each(formats)('is no %s where its file became shorter meanwhile, and says so', format => {
    const lines = [...recordings.values()].at(-1)!;
    const data = Buffer.from(`${lines.join('\n')}\n`);
    opened(data, (fd, path) => {
      const read = streamedFormats[format]!({ fd, size: data.length, name: 'x' });
      if (!read?.ok) throw new Error('it is a session');
      truncateSync(path, data.length - 300);
      expect(() => joined(read.pieces)).toThrow(Changed);
    });
  });

  it.each(formats)(
    'makes no %s of a usual line by strings, by JSON or by views of its own, and few pieces',
    format => {
      const lines = longSession(2_000);
      const data = Buffer.from(`${lines.join('\n')}\n`);
      const made = [
        vi.spyOn(Buffer.prototype, 'toString'),
        vi.spyOn(TextDecoder.prototype, 'decode'),
        vi.spyOn(JSON, 'parse'),
        vi.spyOn(globalThis, 'DataView'),
      ];
      opened(data, fd => {
        const read = streamedFormats[format]!({ fd, size: data.length, name: 'x' });
        if (!read?.ok) throw new Error('it is a session');
        const sizes = [...read.pieces].map(({ length }) => length);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(500_000);
        expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(64 * 1024);
      });
      const work = made.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      vi.restoreAllMocks();
      expect(work).toBeLessThan(lines.length / 20);
    },
  );
});
