import { setImmediate as turn } from 'node:timers/promises';

/** Bytes that this process has resident, after a full collection; what the last one freed may keep more alive until the next. */
export const resident = async (): Promise<number> => {
  for (let i = 0; i < 2; i++) {
    globalThis.gc!();
    await turn();
  }
  return process.memoryUsage.rss();
};
