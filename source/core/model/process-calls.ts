import type { ActorId } from './actors.ts';
import { processOfThread } from './process.ts';
import type { BenchState } from './state.ts';

/** The oldest call in flight of each process, to follow a wait through it. */
export type CallOfProcess = ReadonlyMap<ActorId, number>;

export const callsOfProcesses = (state: BenchState): CallOfProcess => {
  const first = new Map<ActorId, number>();
  for (const { id, actor, thread, startedAt } of state.calls.values()) {
    if (actor === '' || startedAt === null || processOfThread(thread) === '') continue;
    if (!first.has(actor)) first.set(actor, id);
  }
  return first;
};
