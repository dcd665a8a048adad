import { expect, test, vi } from 'vitest';
import { readTrace, straceTrouble } from './strace.ts';

test('times are those of the first thread, of calls that were cut in two as well', () => {
  const text = [
    '10 bind(17, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 16) = 0 <0.000031>',
    '11 read(4, "x", 64) = 1 <0.5>',
    '10 read(18,  <unfinished ...>',
    '11 write(4, "y", 64) = 64 <0.25>',
    '10 <... read resumed>"\\0\\0"..., 4096) = 64 <0.000012>',
    '10 connect(19, {sa_family=AF_INET}, 16) = -1 EINPROGRESS (Operation now in progress) <0.000040>',
    '10 exit_group(0) = ?',
    '10 +++ exited with 0 +++',
  ].join('\n');
  expect(readTrace(text)).toEqual([
    { name: 'bind', returned: 0, us: expect.closeTo(31) },
    { name: 'read', returned: 64, us: expect.closeTo(12) },
    { name: 'connect', returned: -1, us: expect.closeTo(40) },
  ]);
});

test('without strace there is nothing to measure, and why is said', () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(straceTrouble()).toBe('there is no strace here');
  vi.unstubAllEnvs();
});
