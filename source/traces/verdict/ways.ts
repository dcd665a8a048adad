import type { Ways } from '../../core/waits/stuck.ts';
import type { Machine } from '../proc/machine.ts';
import { type ThreadId, threadId, type Waits } from './gather.ts';
import type { Wait } from './thread-waits.ts';

/**
 * How much is believed: `certain` takes what has a deadline, or may be ended by a handler, for free to act; `deadlines`
 * takes deadlines for endless, `suspected` doubts too, and threads that are in no wait for a socket as if they were not there.
 */
export type Strictness = 'certain' | 'deadlines' | 'suspected';

type Ground = {
  readonly machine: Machine;
  readonly byPid: ReadonlyMap<number, readonly ThreadId[]>;
  readonly strictness: Strictness;
};

export const isFree = ({ idle, deadline, doubt, needs }: Wait, strictness: Strictness): boolean => {
  if (idle !== null || needs.some(({ free }) => free !== null)) return true;
  if (strictness !== 'suspected' && doubt !== null) return true;
  return strictness === 'certain' && deadline !== null;
};

/**
 * The threads of which any one could end the wait by going on: all that hold the other end, and the others that hold this
 * one, which may shut it down.
 */
const waysOf = ({ machine, byPid, strictness }: Ground, wait: Wait): ThreadId[] => {
  const own = threadId(wait.thread);
  const threadsOf = (pid: number) => byPid.get(pid) ?? [];
  if (wait.lock) {
    const others = threadsOf(wait.thread.pid).filter(id => id !== own);
    return others.length > 0 ? others : [own];
  }
  const ways = wait.needs.flatMap(({ by }) => by.flatMap(threadsOf));
  for (const { socket } of wait.needs) {
    if (!socket || strictness === 'suspected') continue;
    for (const { pid } of machine.holders(socket.inode)) {
      ways.push(...threadsOf(pid).filter(id => id !== own));
    }
  }
  return [...new Set(ways)];
};

/** Whether a thread waits for somebody at the other end of a socket, as far as its call tells. */
export const waitsForSomebody = ({ idle, needs }: Wait): boolean =>
  idle === null && needs.length > 0 && needs.every(({ free, by }) => free === null && by.length > 0);

const byProcess = (waits: Waits): Ground['byPid'] => {
  const byPid = new Map<number, ThreadId[]>();
  for (const [id, { thread }] of waits) {
    const list = byPid.get(thread.pid);
    if (list) list.push(id);
    else byPid.set(thread.pid, [id]);
  }
  return byPid;
};

/** Each thread with those that could end its wait; none: it is free. */
export const waysBetween = (machine: Machine, waits: Waits, strictness: Strictness): Ways<ThreadId> => {
  const ground = { machine, byPid: byProcess(waits), strictness };
  const ways = new Map<ThreadId, ThreadId[]>();
  for (const [id, wait] of waits) {
    if (strictness === 'suspected' && !waitsForSomebody(wait)) continue;
    ways.set(id, isFree(wait, strictness) ? [] : waysOf(ground, wait));
  }
  if (strictness !== 'suspected') return ways;
  return new Map([...ways].map(([id, each]) => [id, each.filter(way => ways.has(way))]));
};
