import {
  type News,
  type SeenCall,
  type SeenEnd,
  type SeenKnot,
  type SeenProcess,
  type SeenQueues,
  type SeenSocket,
  type SeenThread,
  type SeenWait,
  type ThreadKey,
  threadKey,
} from '../../core/model/looks.ts';

/**
 * What a whole look found. `call`: the one that a thread stands in; `kept`: the one that it was told to be in, which a signal
 * has stopped or let go on; null: none.
 */
export type Seen = {
  readonly processes: readonly SeenProcess[];
  readonly sockets: readonly SeenSocket[];
  readonly queues: readonly SeenQueues[];
  readonly threads: readonly (SeenThread & { readonly call: SeenCall | 'kept' | null })[];
  readonly knots: readonly SeenKnot[];
};

/** A look: who is no more, which threads have gone on since they were told of, and all that was found, where it was a whole one. */
export type LookFound = {
  readonly at: number;
  readonly ended: readonly SeenEnd[];
  readonly threadsOver: readonly ThreadKey[];
  readonly moved: (key: string) => boolean;
  /** Whether of calls that were told before it is told anew for what they wait. */
  readonly again: boolean;
  readonly seen: Seen | null;
};

type Growing = { -readonly [K in keyof News]: News[K] extends readonly (infer T)[] ? T[] : News[K] };

const nothing = (at: number): Growing => ({
  at,
  processes: [],
  ended: [],
  sockets: [],
  closed: [],
  queues: [],
  over: [],
  calls: [],
  waits: [],
  threads: [],
  threadsOver: [],
  knots: null,
});

const keyOf = (key: string): ThreadKey => {
  const [pid, tid] = key.split('/').map(Number) as [number, number];
  return { pid, tid };
};

/** A timer that runs down is no news. */
const queueSign = ({ timerMs: _, ...queues }: SeenQueues): string => JSON.stringify(queues);

/** Remembers by a sign what was told under each key, and answers whether this is news. */
const createTold = <K>() => {
  const signs = new Map<K, string>();
  return {
    keys: () => [...signs.keys()],
    has: (key: K) => signs.has(key),
    get: (key: K) => signs.get(key),
    forget: (key: K) => signs.delete(key),
    isNew: (key: K, sign: string): boolean => {
      if (signs.get(key) === sign) return false;
      signs.set(key, sign);
      return true;
    },
  };
};

type ToldCall = { readonly sign: string; waits: string };

const callSign = ({ since, arguments: given }: SeenCall): string => JSON.stringify([since, given]);

const waitSign = ({ needs, doubt }: SeenWait): string => JSON.stringify([needs, doubt]);

const isEmpty = ({ at: _, knots, ...lists }: News): boolean =>
  knots === null && Object.values(lists).every(list => list.length === 0);

/** Keeps what looks have told, and makes of each what is otherwise now; null where nothing is. */
export const createDifference = (): ((found: LookFound) => News | null) => {
  const processes = createTold<number>();
  const sockets = createTold<number>();
  const queues = createTold<number>();
  const threads = createTold<string>();
  const calls = new Map<string, ToldCall>();
  let knots = '[]';

  const callOver = (news: Growing, key: string): void => {
    if (calls.delete(key)) news.over.push(keyOf(key));
  };

  const tellThread = (news: Growing, thread: SeenThread): void => {
    const { pid, tid, does, since, timed } = thread;
    if (!threads.isNew(threadKey(thread), timed ? `${does} timed` : does)) return;
    news.threads.push({ pid, tid, does, since, ...(timed ? { timed } : {}) });
  };

  const tellCall = (news: Growing, call: SeenCall, again: boolean): void => {
    const key = threadKey(call);
    const sign = callSign(call);
    const waits = waitSign(call);
    const before = calls.get(key);
    if (before?.sign === sign) {
      const { pid, tid, needs, doubt } = call;
      if (again || before.waits !== waits)
        news.waits.push({ pid, tid, needs, ...(doubt === undefined ? {} : { doubt }) });
      before.waits = waits;
      return;
    }
    callOver(news, key);
    calls.set(key, { sign, waits });
    news.calls.push(call);
  };

  const tellEnds = (news: Growing, { ended, threadsOver }: LookFound): void => {
    for (const key of threadsOver.map(threadKey)) {
      callOver(news, key);
      if (threads.forget(key)) news.threadsOver.push(keyOf(key));
    }
    for (const end of ended) if (processes.forget(end.pid)) news.ended.push(end);
  };

  const tellMoved = (news: Growing, { at, moved }: LookFound): void => {
    for (const key of threads.keys()) {
      if (!moved(key)) continue;
      callOver(news, key);
      tellThread(news, { ...keyOf(key), does: 'running', since: at });
    }
  };

  const tellThreads = (news: Growing, seen: Seen, again: boolean): void => {
    for (const thread of seen.threads) {
      const key = threadKey(thread);
      if (thread.call === 'kept') {
        // What was never told of is told as what it is now.
        tellThread(news, {
          ...thread,
          does: calls.has(key) && thread.does === 'restart' ? 'call' : thread.does,
        });
        continue;
      }
      if (thread.call) tellCall(news, thread.call, again);
      else callOver(news, key);
      tellThread(news, thread);
    }
  };

  const tellSockets = (news: Growing, seen: Seen): void => {
    const there = new Set<number>();
    for (const socket of seen.sockets) {
      there.add(socket.inode);
      if (sockets.isNew(socket.inode, JSON.stringify(socket))) news.sockets.push(socket);
    }
    for (const one of seen.queues) if (queues.isNew(one.inode, queueSign(one))) news.queues.push(one);
    for (const inode of sockets.keys()) {
      if (there.has(inode)) continue;
      sockets.forget(inode);
      queues.forget(inode);
      news.closed.push(inode);
    }
  };

  return found => {
    const news = nothing(found.at);
    const { seen } = found;
    tellEnds(news, found);
    tellMoved(news, found);
    if (seen) {
      for (const process of seen.processes) {
        const { pid, name, args } = process;
        if (processes.isNew(pid, JSON.stringify([name, args]))) news.processes.push(process);
      }
      tellSockets(news, seen);
      tellThreads(news, seen, found.again);
      const sign = JSON.stringify(seen.knots);
      if (sign !== knots) news.knots = [...seen.knots];
      knots = sign;
    }
    return isEmpty(news) ? null : news;
  };
};
