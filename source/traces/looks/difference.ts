import {
  type News,
  noNews,
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

/** A look: who is no more, which threads have gone on since the one before, and all that was found, where it was a whole one. */
export type LookFound = {
  readonly at: number;
  readonly ended: readonly SeenEnd[];
  readonly threadsOver: readonly ThreadKey[];
  readonly moved: ReadonlySet<string>;
  /** Whether of calls that were told before it is told anew for what they wait. */
  readonly again: boolean;
  readonly seen: Seen | null;
};

type Growing = { -readonly [K in keyof News]: News[K] extends readonly (infer T)[] ? T[] : News[K] };

const nothing = (at: number): Growing => ({ at, ...(structuredClone(noNews) as Omit<Growing, 'at'>) });

const keyOf = (key: string): ThreadKey => {
  const [pid, tid] = key.split('/').map(Number) as [number, number];
  return { pid, tid };
};

/** A timer that runs down is no news. */
const queueSign = ({ timerMs: _, ...queues }: SeenQueues): string => JSON.stringify(queues);

/** A process that ends has no words any more before it is told to have ended: its memory, where they stand, goes first (do_exit in kernel/exit.c). */
const isOnItsWayOut = ({ args }: SeenProcess): boolean => args.length === 0;

const callSign = ({ since, arguments: given }: SeenCall): string => JSON.stringify([since, given]);

const waitSign = ({ needs, doubt }: SeenWait): string => JSON.stringify([needs, doubt]);

/** Remembers by a sign what was told under each key, and answers whether this is news. */
class Told<K> {
  private readonly signs = new Map<K, string>();

  has(key: K): boolean {
    return this.signs.has(key);
  }

  keys(): K[] {
    return [...this.signs.keys()];
  }

  forget(key: K): boolean {
    return this.signs.delete(key);
  }

  isNew(key: K, sign: string): boolean {
    if (this.signs.get(key) === sign) return false;
    this.signs.set(key, sign);
    return true;
  }
}

const isEmpty = ({ at: _, knots, ...lists }: News): boolean =>
  knots === null && Object.values(lists).every(list => list.length === 0);

/** What looks have told of a machine's sockets, by inode. */
class ToldSockets {
  private readonly sockets = new Told<number>();
  private readonly queues = new Told<number>();

  tell(news: Growing, seen: Seen): void {
    const there = new Set<number>();
    for (const socket of seen.sockets) {
      there.add(socket.inode);
      if (this.sockets.isNew(socket.inode, JSON.stringify(socket))) news.sockets.push(socket);
    }
    for (const one of seen.queues) if (this.queues.isNew(one.inode, queueSign(one))) news.queues.push(one);
    for (const inode of this.sockets.keys()) {
      if (there.has(inode)) continue;
      this.sockets.forget(inode);
      this.queues.forget(inode);
      news.closed.push(inode);
    }
  }
}

type ToldCall = { readonly sign: string; waits: string };

/** What looks have told of threads, and of the calls that they stand in. */
class ToldThreads {
  private readonly threads = new Told<string>();
  private readonly calls = new Map<string, ToldCall>();

  tellOver(news: Growing, threadsOver: readonly ThreadKey[]): void {
    for (const key of threadsOver.map(threadKey)) {
      this.callOver(news, key);
      if (this.threads.forget(key)) news.threadsOver.push(keyOf(key));
    }
  }

  tellMoved(news: Growing, { at, moved }: LookFound): void {
    for (const key of this.threads.keys()) {
      if (!moved.has(key)) continue;
      this.callOver(news, key);
      this.tellThread(news, { ...keyOf(key), does: 'running', since: at });
    }
  }

  tell(news: Growing, seen: Seen, again: boolean): void {
    for (const thread of seen.threads) {
      const key = threadKey(thread);
      if (thread.call === 'kept') {
        // What was never told of is told as what it is now.
        this.tellThread(news, {
          ...thread,
          does: this.calls.has(key) && thread.does === 'restart' ? 'call' : thread.does,
        });
        continue;
      }
      if (thread.call) this.tellCall(news, thread.call, again);
      else this.callOver(news, key);
      this.tellThread(news, thread);
    }
  }

  private tellThread(news: Growing, thread: SeenThread): void {
    const { pid, tid, does, since, timed } = thread;
    if (!this.threads.isNew(threadKey(thread), timed ? `${does} timed` : does)) return;
    news.threads.push({ pid, tid, does, since, ...(timed ? { timed } : {}) });
  }

  private tellCall(news: Growing, call: SeenCall, again: boolean): void {
    const key = threadKey(call);
    const sign = callSign(call);
    const waits = waitSign(call);
    const before = this.calls.get(key);
    if (before?.sign === sign) {
      const { pid, tid, needs, doubt } = call;
      if (again || before.waits !== waits)
        news.waits.push({ pid, tid, needs, ...(doubt === undefined ? {} : { doubt }) });
      before.waits = waits;
      return;
    }
    this.callOver(news, key);
    this.calls.set(key, { sign, waits });
    news.calls.push(call);
  }

  private callOver(news: Growing, key: string): void {
    if (this.calls.delete(key)) news.over.push(keyOf(key));
  }
}

/** Keeps what looks have told, and makes of each what is otherwise now; null where nothing is. */
export const createDifference = (): ((found: LookFound) => News | null) => {
  const processes = new Told<number>();
  const sockets = new ToldSockets();
  const threads = new ToldThreads();
  let knots = '[]';

  return found => {
    const news = nothing(found.at);
    const { seen } = found;
    threads.tellOver(news, found.threadsOver);
    for (const end of found.ended) if (processes.forget(end.pid)) news.ended.push(end);
    threads.tellMoved(news, found);
    if (seen) {
      for (const process of seen.processes) {
        const { pid, name, args } = process;
        if (processes.has(pid) && isOnItsWayOut(process)) continue;
        if (processes.isNew(pid, JSON.stringify([name, args]))) news.processes.push(process);
      }
      sockets.tell(news, seen);
      threads.tell(news, seen, found.again);
      const sign = JSON.stringify(seen.knots);
      if (sign !== knots) news.knots = [...seen.knots];
      knots = sign;
    }
    return isEmpty(news) ? null : news;
  };
};
