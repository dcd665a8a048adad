import { expect, test } from 'vitest';
import { capabilities } from '../../source/drivers/system/capabilities.ts';
import { selfTest } from '../../source/drivers/system/self-test.ts';

test('everything private works on this Node, and is tried once', async () => {
  const facilities = await selfTest();
  expect(facilities).toEqual(
    ['accept gate', 'exact recv', 'exact send', 'datagram by datagram'].map(name => ({
      name,
      works: process.platform !== 'win32',
      reason: process.platform === 'win32' ? expect.any(String) : '',
    })),
  );
  expect(await selfTest()).toBe(facilities);
});

test('doctor hears what comes from the kernel, what is modelled and why', async () => {
  const all = await capabilities();
  expect(all.length).toBeGreaterThan(6);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { source, reason } of all) {
    expect(['kernel', 'modelled', 'missing']).toContain(source);
    if (source !== 'kernel') expect(reason).not.toBe('');
  }
});
