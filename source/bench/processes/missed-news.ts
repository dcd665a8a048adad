import { type News, type SeenCall, type ThreadKey, threadKey } from '../../core/model/looks.ts';

/** What looks told of processes whose calls strace tells: it counts once strace tells of them no more. */
export type MissedNews = {
  readonly hear: (news: News, isTraced: (thread: ThreadKey) => boolean) => void;
  /** When looks last found the call of a thread over, ms since 1970; undefined where it is in one by them. */
  readonly overAt: (thread: string) => number | undefined;
  /** Calls that looks find standing, by their threads. */
  readonly calls: ReadonlyMap<string, SeenCall>;
  /** Inodes of sockets that looks found gone. */
  readonly closed: ReadonlySet<number>;
};

export const createMissedNews = (): MissedNews => {
  const calls = new Map<string, SeenCall>();
  const over = new Map<string, number>();
  const closed = new Set<number>();
  return {
    hear: (news, isTraced) => {
      for (const key of news.over.filter(isTraced).map(threadKey)) {
        calls.delete(key);
        over.set(key, news.at);
      }
      for (const call of news.calls.filter(isTraced)) {
        calls.set(threadKey(call), call);
        over.delete(threadKey(call));
      }
      for (const key of news.threadsOver.map(threadKey)) over.delete(key);
      for (const { inode } of news.sockets) closed.delete(inode);
      for (const inode of news.closed) closed.add(inode);
    },
    overAt: thread => over.get(thread),
    calls,
    closed,
  };
};
