import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Its standard input ends with whoever holds the other end, however that ends. */
const script = 'read -r _; cat <&3 >/dev/null & exec cat <&4 >/dev/null';

/**
 * Keeps two pipes with names readable once this process is gone, also by SIGKILL: what others write into them is then read and
 * thrown away, and they neither wait nor get SIGPIPE. Until then it reads nothing. The pipes have a writer already.
 */
export const drainAfterwards = (one: string, other: string): void => {
  const ends = [openSync(one, 'r'), openSync(other, 'r')] as const;
  // In a session of its own, which no terminal's end reaches.
  const drain = spawn('/bin/sh', ['-c', script, 'sockbench-drain'], {
    stdio: ['pipe', 'ignore', 'ignore', ...ends],
    detached: true,
  });
  for (const end of ends) closeSync(end);
  drain.on('error', () => {});
  drain.unref();
  const { stdin } = drain;
  stdin?.on('error', () => {});
  if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
};
