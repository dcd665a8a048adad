import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { limits } from './limits.ts';

/** __SO_ACCEPTCON of the kernel's include/uapi/linux/net.h, among the flags of a row of /proc/net/unix. */
const accepts = 1 << 16;

/** Num, RefCount, Protocol, Flags, Type, St, Inode, Path (proc_pid_net(5)). */
const listens = (path: string): boolean =>
  readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map(line => line.split(/\s+/))
    .some(columns => columns[7] === path && (Number.parseInt(columns[3]!, 16) & accepts) !== 0);

/** Resolves once connect finds a listener there: its file says no more than that bind was called. On Linux. */
export const unixListening = (path: string): Promise<void> =>
  vi.waitFor(() => expect(listens(path), path).toBe(true), { timeout: limits.wait, interval: 10 });
