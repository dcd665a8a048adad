import { describe, expect, it } from 'vitest';
import { resolveVariables } from '../../source/labs/variables.ts';

describe('variables of a lab', () => {
  it('may be made of each other, in any order, and of free ports', async () => {
    let next = 5000;
    const resolved = await resolveVariables(
      { where: '127.0.0.1:$port', port: 'free', other: 'free', size: '64KiB' },
      () => next++,
    );
    expect(resolved).toEqual({
      ok: true,
      variables: { where: '127.0.0.1:5000', port: '5000', other: '5001', size: '64KiB' },
    });
  });

  it.each([
    [{ a: '$a' }, 'a', 'goes round in a circle: a -> a'],
    [{ a: 'x $b', b: '$a' }, 'a', 'goes round in a circle: a -> b -> a'],
    [{ a: '$toString' }, 'a', "$toString is not one of this lab's variables"],
    [{ a: 'x'.repeat(70_000) }, 'a', 'too long'],
  ])('%j is refused', async (written, name, message) => {
    const resolved = await resolveVariables(written, () => 1);
    expect(resolved).toMatchObject({ ok: false, name, message: expect.stringContaining(message) });
  });
});
