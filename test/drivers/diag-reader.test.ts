import { expect, onTestFinished, test } from 'vitest';
import { openDiagReader } from '../../source/drivers/kernel/diag-reader.ts';
import { available, calls } from './native.ts';

test.runIf(available)(
  'the local address of any socket is told whole, whatever was asked before',
  ({ skip }) => {
    const reader = openDiagReader();
    if (!reader) return skip('the kernel does not answer sock_diag(7) here');
    onTestFinished(() => reader.close());
    const families = ['AF_INET', 'AF_INET6', 'AF_INET', 'AF_INET6'] as const;
    for (const family of families) {
      const fd = calls.openSocket(family, 'SOCK_DGRAM');
      onTestFinished(() => void calls.close(fd));
      expect(calls.bind(fd, family, { host: family === 'AF_INET' ? '127.0.0.1' : '::1', port: 0 })).toBe(0);
      expect(reader.localOf(fd)).toEqual(calls.local(fd));
    }
  },
);
