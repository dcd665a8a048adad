import { setImmediate as turn } from 'node:timers/promises';
import { giveBack } from '../../../source/cli/heap-at-rest.ts';

/** Bytes that this process has resident, after a full collection as sockbench makes it at rest. */
export const resident = async (): Promise<number> => {
  giveBack();
  await turn();
  return process.memoryUsage.rss();
};
