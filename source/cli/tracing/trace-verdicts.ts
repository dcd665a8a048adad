import { setTimeout as pause } from 'node:timers/promises';
import { foreignSocketFacts } from '../../drivers/native/foreign-sockets.ts';
import { type Observed, observe } from '../../traces/looks/observe.ts';
import { lookAt } from '../../traces/proc/machine.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import type { Processor } from '../../traces/proc/system-calls.ts';

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
