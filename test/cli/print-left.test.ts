import { expect, test, vi } from 'vitest';
import { allHasLeft, endWithLittleOutput, print } from '../../source/cli/print.ts';

/** A pipe that takes so many bytes more, and is full then (pipe(7)). */
const pipe = vi.hoisted(() => ({ room: 0 }));

vi.mock('node:fs', async original => ({
  ...(await original<typeof import('node:fs')>()),
  writeSync: (_: number, bytes: Uint8Array, from: number) => {
    const taken = Math.min(pipe.room, bytes.length - from);
    if (taken === 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
    pipe.room -= taken;
    return taken;
  },
}));

test('what a pipe has not taken at once waits in a stream, and the program is not to end before', () => {
  const waiting: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(bytes => {
    waiting.push(Buffer.from(bytes as Uint8Array).toString());
    return true;
  });
  try {
    endWithLittleOutput(() => {});
    pipe.room = 10;
    print('short');
    expect(allHasLeft()).toBe(true);
    print('a longer line');
    expect(allHasLeft()).toBe(false);
    expect(waiting).toEqual(['nger line\n']);
  } finally {
    stdout.mockRestore();
  }
});
