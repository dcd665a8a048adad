import { type News, threadKey } from '../../core/model/looks.ts';
import type { ProcessId } from '../../core/model/process.ts';
import { createMissedNews, type MissedNews } from './missed-news.ts';
import { SeenCallEntries } from './seen-call-entries.ts';
import { SeenKnotEntries } from './seen-knot-entries.ts';
import { SeenProcessEntries } from './seen-process-entries.ts';
import { SeenSocketEntries } from './seen-socket-entries.ts';
import { type TellerOptions, type Telling, tellingOf } from './telling.ts';

class Teller {
  private readonly telling: Telling;
  private readonly processes: SeenProcessEntries;
  private readonly sockets: SeenSocketEntries;
  private readonly calls: SeenCallEntries;
  private readonly knots: SeenKnotEntries;
  private readonly missed: MissedNews = createMissedNews();

  constructor(telling: Telling) {
    this.telling = telling;
    this.calls = new SeenCallEntries(telling);
    this.processes = new SeenProcessEntries(telling);
    this.sockets = new SeenSocketEntries(telling);
    this.knots = new SeenKnotEntries(telling);
  }

  tell(news: News): void {
    const { traced, isTraced, isTracedSocket } = this.telling;
    for (const actor of traced?.left.splice(0) ?? []) this.takeOver(actor, news.at);
    if (traced) this.missed.hear(news, isTraced);
    if (traced) this.calls.giveOver();
    if (traced) this.knots.tellOf(this.calls.tellCome());
    if (news.knots) this.knots.clear(news.knots);
    this.tellOver(news);
    for (const process of this.untraced(news.processes)) this.processes.found(process);
    for (const inode of news.closed) if (!isTracedSocket(inode)) this.sockets.gone(inode);
    for (const socket of news.sockets) {
      if (!isTracedSocket(socket.inode) && !socket.holders.some(isTraced)) this.sockets.found(socket);
    }
    this.sockets.tellQueues(news.queues, news.at);
    for (const call of this.untraced(news.calls)) this.calls.begun(call, news.at);
    this.calls.tellWaits([...news.calls, ...news.waits], news.at);
    this.processes.tellThreads(news);
    if (news.knots) this.knots.seen(news.knots);
  }

  untold(): readonly number[] {
    return this.calls.untold();
  }

  /** What strace does not tell. */
  private untraced<T extends { readonly pid: number }>(list: readonly T[]): readonly T[] {
    const { traced, isTraced } = this.telling;
    return traced ? list.filter(one => !isTraced(one)) : list;
  }

  private tellOver(news: News): void {
    for (const key of news.over) this.calls.forget(threadKey(key));
    for (const key of this.untraced(news.over)) this.calls.over(threadKey(key));
    for (const end of this.untraced(news.ended)) {
      const actor = this.telling.names.known(end.pid);
      if (!actor) continue;
      this.calls.overOf(actor);
      this.processes.gone(actor, end);
    }
  }

  /** Strace tells of it no more: what looks have seen besides counts from now on. */
  private takeOver(actor: ProcessId, at: number): void {
    const { names, told, since } = this.telling;
    const { missed } = this;
    for (const [key, { about }] of told.calls) {
      const over = about.actor === actor ? missed.overAt(key) : undefined;
      if (over !== undefined && about.queuedAt <= since(over)) this.calls.over(key);
    }
    for (const [key, seen] of missed.calls) {
      if (names.known(seen.pid) === actor && !told.calls.has(key)) this.calls.begun(seen, at);
    }
    for (const inode of missed.closed) if (names.socketOf(inode)?.actor === actor) this.sockets.gone(inode);
  }
}

/** Hears what looks tell. `untold`: traced calls of which they tell nothing, as SeenCallEntries has it. */
export type LookTeller = {
  readonly tell: (news: News) => void;
  readonly untold: () => readonly number[];
};

/**
 * Turns what looks tell into entries: the processes, sockets and threads get the names that they have in the journal, the calls
 * their numbers. In a trace it is to be called when calls have begun too, be it without news: a look may have seen them first.
 */
export const createTeller = (options: TellerOptions): LookTeller => {
  const teller = new Teller(tellingOf(options));
  return { tell: news => teller.tell(news), untold: () => teller.untold() };
};
