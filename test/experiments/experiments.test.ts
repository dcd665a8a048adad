import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { typeErrorsAfter } from './type-errors.ts';

/**
 * A new call, family, actor, transport: NAME.patch adds it as its recipe says, and NAME.expected has each place where
 * the type checker then asks what it is there. What is right but changed: `npm run experiments -- -u`.
 */
const folder = import.meta.dirname;

const patches = readdirSync(folder).filter(name => name.endsWith('.patch'));

test('there are experiments', () => expect(patches.length).toBeGreaterThan(0));

test.each(patches)('%s: no place that must know it is silent', async name => {
  const places = await typeErrorsAfter(join(folder, name));
  expect(places).not.toBe('');
  await expect(places).toMatchFileSnapshot(join(folder, name.replace('.patch', '.expected')));
});
