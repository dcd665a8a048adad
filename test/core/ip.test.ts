import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { canonicalHost, familyOf, hostBytes } from '../../source/core/addresses/ip.ts';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

const heap = (): number => {
  gc();
  return process.memoryUsage().heapUsed;
};

test.each([
  ['AF_INET', (n: number) => `192.168.${n}.111`],
  ['AF_INET6', (n: number) => `2001:db8:1:2:3:4:5:${n.toString(16)}`],
])('of the lines that addresses of %s stood in nothing is kept', (family, hostOf) => {
  const before = heap();
  for (let n = 0; n < 200; n++) {
    const line = `${'x'.repeat(200_000)} ${hostOf(n)}:80`;
    const host = line.slice(200_001, -3);
    expect(familyOf(host)).toBe(family);
    expect(canonicalHost(host)).toBe(hostOf(n));
    expect(hostBytes(host)).toHaveLength(family === 'AF_INET' ? 4 : 16);
  }
  // Their lines have 40 MB.
  expect(heap() - before).toBeLessThan(10_000_000);
});
