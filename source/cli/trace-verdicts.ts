import { setTimeout as pause } from 'node:timers/promises';
import { foreignSocketFacts } from '../drivers/foreign-sockets.ts';
import { lookAt } from '../traces/machine.ts';
import { type Observed, observe } from '../traces/observe.ts';
import { realProc } from '../traces/real-proc.ts';
import type { Processor } from '../traces/system-calls.ts';

/** Between the two looks of one verdict, in ms. */
const twiceMs = 100;

/** What these processes wait for, now. */
export const seenNow = (pids: readonly number[]): Promise<Observed> => {
  const facts = foreignSocketFacts();
  const machine = () => lookAt(realProc, facts, process.arch as Processor, process.pid);
  return observe(machine(), pids, async () => {
    await pause(twiceMs);
    return machine();
  });
};
