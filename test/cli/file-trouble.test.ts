import { describe, expect, test, vi } from 'vitest';
import { exportSession } from '../../source/cli/sessions/export.ts';
import { fileTrouble } from '../../source/cli/sessions/new-file.ts';
import { exportFormats } from '../../source/formats/export-formats.ts';
import { recordings } from '../formats/mutants.ts';

const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
const { tmpdir } = await import('node:os');
const { join } = await import('node:path');

/** What export says where a format fails, before its first piece or in the midst of them. */
const saidWhere = async (fails: () => never): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-trouble-'));
  const session = join(folder, 'a.jsonl');
  writeFileSync(session, `${[...recordings.values()][0]!.join('\n')}\n`);
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const format = vi.spyOn(exportFormats, 'python').mockImplementation(fails);
  try {
    await exportSession(session, { to: 'python' });
    return said.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    said.mockRestore();
    format.mockRestore();
    rmSync(folder, { recursive: true });
  }
};

describe('what could not be written', () => {
  test('is the fault of the file where the system says so', () => {
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' });
    expect(fileTrouble('standard output', full)).toBe(
      'standard output cannot be written: the disk is full (ENOSPC)',
    );
    const other = Object.assign(new Error('write EIO'), { code: 'EIO', syscall: 'write' });
    expect(fileTrouble('standard output', other)).toBe('standard output cannot be written (EIO)');
  });

  test.each([
    [
      'at once',
      () => {
        throw new RangeError('Invalid time value');
      },
    ],
    [
      'with a code that Node gives to bad arguments',
      () => {
        throw Object.assign(new RangeError('Invalid time value'), { code: 'ERR_OUT_OF_RANGE' });
      },
    ],
    [
      'while its pieces are written',
      () =>
        ({
          ok: true,
          pieces: (function* () {
            yield 'a piece';
            throw new RangeError('Invalid time value');
          })(),
        }) as never,
    ],
  ])('is a fault of sockbench where a format fails %s', async (_, fails) => {
    const said = await saidWhere(fails);
    expect(said).toContain('a fault of sockbench itself');
    expect(said).toContain('Invalid time value');
    expect(said).not.toContain('cannot be written');
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });
});
