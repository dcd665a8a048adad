import { constants } from 'node:os';
import { conditionSeen } from '../../core/fold/fold-sockets.ts';
import type { Draft } from '../../core/model/entry.ts';
import { type Finding, isSaidAgain } from '../../core/model/finding.ts';
import { type News, type SeenCall, type SeenKnot, type SeenWait, threadKey } from '../../core/model/looks.ts';
import type { ProcessId } from '../../core/model/process.ts';
import { createMissedNews } from './missed-news.ts';
import { callOf, needOf } from './seen-calls.ts';
import { deadlockSeen, type Told } from './seen-deadlock.ts';
import { createSeenNames, type SeenNames } from './seen-names.ts';

export type TellerOptions = {
  readonly entry: (draft: Draft) => void;
  /** Ids of calls are one series, whoever makes them. */
  readonly nextId: () => number;
  /** ms since 1970 of t = 0, and ms since then. */
  readonly began: number;
  readonly now: () => number;
  /** What a socket of this program itself is called, by its inode; '' for others. */
  readonly own?: (inode: number) => string;
  readonly traced?: Traced;
  /** What processes and their sockets are called; names of its own, where nothing is said. */
  readonly names?: SeenNames;
  /** Whether a process was started for this session. */
  readonly isStarted?: (pid: number) => boolean;
  /** The process that keeps the journal: it is told of by its own entries. */
  readonly self?: number;
  /** They are looked at for the bench's own sockets' sake. */
  readonly aside?: boolean;
};

/**
 * Processes whose calls strace tells one by one, and that are named and told of by whoever hears it. Looks add what they wait
 * for, their queues, their threads and deadlocks.
 */
export type Traced = {
  readonly names: SeenNames;
  readonly told: Told;
  readonly actors: ReadonlySet<ProcessId>;
  /** Those that were among them: looks are to go on with them, which takes them out of here. */
  readonly left: ProcessId[];
};

const signalName = (signal: number): string =>
  Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ??
  (signal === 0 ? '' : `signal ${signal}`);

/**
 * Turns what looks tell into entries: the processes, sockets and threads get the names that they have in the journal, the calls
 * their numbers. In a trace it is to be called when calls have begun too, be it without news: a look may have seen them first.
 */
export const createTeller = (options: TellerOptions): ((news: News) => void) => {
  const { entry, nextId, began, now, own, traced } = options;
  const names = traced?.names ?? options.names ?? createSeenNames(own);
  const told: Told = traced?.told ?? { calls: new Map(), queues: new Map(), processes: new Map() };
  const self = options.self ?? 0;
  const aside = options.aside ? ({ aside: true } as const) : {};
  const isTraced = ({ pid }: { readonly pid: number }): boolean => {
    const actor = names.known(pid);
    return actor !== undefined && (traced?.actors.has(actor) ?? false);
  };
  const isTracedSocket = (inode: number): boolean => {
    const actor = names.socketOf(inode)?.actor;
    return actor !== undefined && (traced?.actors.has(actor) ?? false);
  };
  /** What strace does not tell. */
  const untraced = <T extends { readonly pid: number }>(list: readonly T[]): readonly T[] =>
    traced ? list.filter(one => !isTraced(one)) : list;
  const findings = new Map<string, Finding>();
  /** What looks have found of traced calls of which strace has not told yet. */
  const early = new Map<string, { readonly wait: SeenWait; readonly at: number }>();
  let knotsSeen: readonly SeenKnot[] = [];

  const since = (at: number): number => Math.max(0, at - began);

  const callOver = (key: string): void => {
    const call = told.calls.get(key);
    if (!call) return;
    told.calls.delete(key);
    entry({
      kind: 'ended',
      t: now(),
      ...call.about,
      outcome: { kind: 'unseen' },
      seen: true,
      startedAt: call.about.queuedAt,
    });
  };

  const processGone = ({ pid, code, signal }: News['ended'][number]): void => {
    const actor = names.known(pid);
    if (!actor) return;
    for (const [key, { about }] of told.calls) if (about.actor === actor) callOver(key);
    entry({ kind: 'gone', t: now(), actor, code, signal: signalName(signal) });
    names.leave(actor);
    told.processes.delete(pid);
  };

  const processFound = ({ pid, name, args, parent }: News['processes'][number]): void => {
    const again = told.processes.has(pid);
    const by = names.known(parent) ?? '';
    const actor = names.process(pid);
    told.processes.set(pid, { actor, pid, name });
    const first = options.isStarted?.(pid) ? 'started' : by === '' ? 'found' : 'forked';
    const origin = again ? 'executed' : first;
    entry({ kind: 'process', t: now(), actor, pid, name, args, parent: by, origin, traced: false, ...aside });
  };

  const socketFound = (seen: News['sockets'][number]): void => {
    const named = names.socket(seen);
    if (!named) return;
    const { name, actor, holders } = named;
    const { inode, family, type, local, peer } = seen;
    const condition = conditionSeen(seen.state);
    const listener = names.nameOf(seen.listener);
    entry({
      kind: 'socket',
      t: now(),
      name,
      actor,
      inode,
      family,
      type,
      condition,
      local,
      peer,
      listener,
      holders,
      ...aside,
    });
  };

  const socketGone = (inode: number): void => {
    const named = names.socketOf(inode);
    told.queues.delete(inode);
    if (!named) return;
    names.forget(inode);
    const { name, actor } = named;
    const nothing = {
      family: 'AF_INET',
      type: 'SOCK_STREAM',
      condition: 'CLOSED',
      local: null,
      peer: null,
    } as const;
    entry({ kind: 'socket', t: now(), name, actor, inode, ...nothing, listener: '', holders: [], ...aside });
  };

  const tellQueues = (queues: News['queues'], at: number): void => {
    const sockets = queues.flatMap(({ inode, ...sample }) => {
      const socket = names.nameOf(inode);
      told.queues.set(inode, sample);
      return socket === '' || own?.(inode) ? [] : [{ socket, ...sample }];
    });
    if (sockets.length > 0)
      entry({ kind: 'sample', t: now(), source: 'kernel', readAt: since(at), sockets, taken: [] });
  };

  const callBegun = (seen: SeenCall): void => {
    const actor = names.process(seen.pid);
    const call = callOf(names, actor, seen.arguments);
    if (!call) return;
    const startedAt = since(seen.since);
    const about = {
      id: nextId(),
      actor,
      call,
      thread: names.thread(seen),
      queuedAt: startedAt,
      inside: 0,
      looped: false,
      ...aside,
    };
    told.calls.set(threadKey(seen), { about, needs: seen.needs });
    const deadline = seen.deadline === null ? null : since(seen.deadline);
    entry({ kind: 'running', t: now(), ...about, startedAt, deadline });
  };

  const tellWaits = (waits: readonly SeenWait[], at: number): void => {
    const calls = waits.flatMap(wait => {
      const { needs, doubt, ...key } = wait;
      const call = told.calls.get(threadKey(key));
      if (!call) {
        if (isTraced(key)) early.set(threadKey(key), { wait, at });
        return [];
      }
      early.delete(threadKey(key));
      told.calls.set(threadKey(key), { ...call, needs });
      const looked = doubt === undefined ? {} : { looked: { at: since(at), doubt } };
      return [{ id: call.about.id, needs: needs.map(need => needOf(names, need, self)), ...looked }];
    });
    if (calls.length > 0) entry({ kind: 'waits', t: now(), calls });
  };

  const tellThreads = ({ threads, threadsOver }: News): void => {
    if (threads.length === 0 && threadsOver.length === 0) return;
    entry({
      kind: 'threads',
      t: now(),
      threads: threads.map(thread => ({
        thread: names.thread(thread),
        does: thread.does,
        since: since(thread.since),
        ...(thread.timed ? { timed: thread.timed } : {}),
      })),
      over: threadsOver.flatMap(key => (names.known(key.pid) ? [names.thread(key)] : [])),
    });
  };

  /** Findings come and go by the threads that are in them. */
  const knotKey = ({ threads }: SeenKnot): string => threads.map(threadKey).join(' ');

  const clearKnots = (knots: readonly SeenKnot[]): void => {
    const keys = new Set(knots.map(knotKey));
    for (const [key, finding] of findings) {
      if (keys.has(key)) continue;
      findings.delete(key);
      entry({ kind: 'finding', t: now(), finding, on: false });
    }
  };

  const tellKnots = (knots: readonly SeenKnot[]): void => {
    for (const knot of knots) {
      const key = knotKey(knot);
      const finding = deadlockSeen(knot, names, told, since);
      const again = isSaidAgain(findings.get(key), finding) ? { again: true as const } : {};
      findings.set(key, finding);
      entry({ kind: 'finding', t: now(), finding, on: true, ...again });
    }
  };

  /** What was found too early is told once the call is there, if it is the one that was seen. */
  const tellEarly = (): void => {
    const come = new Set<string>();
    for (const [key, { wait, at }] of early) {
      const call = told.calls.get(key);
      if (!call) continue;
      early.delete(key);
      if (call.about.queuedAt > since(at)) continue;
      come.add(key);
      tellWaits([wait], at);
    }
    const knots = knotsSeen.filter(({ threads }) => threads.some(thread => come.has(threadKey(thread))));
    if (knots.length === 0) return;
    clearKnots(knotsSeen.filter(knot => !knots.includes(knot)));
    tellKnots(knots);
  };

  const missed = createMissedNews();

  /** Strace tells of it no more: what looks have seen besides counts from now on. */
  const takeOver = (actor: ProcessId): void => {
    for (const [key, { about }] of told.calls) {
      const over = about.actor === actor ? missed.overAt(key) : undefined;
      if (over !== undefined && about.queuedAt <= since(over)) callOver(key);
    }
    for (const [key, seen] of missed.calls) {
      if (names.known(seen.pid) === actor && !told.calls.has(key)) callBegun(seen);
    }
    for (const inode of missed.closed) if (names.socketOf(inode)?.actor === actor) socketGone(inode);
  };

  return news => {
    for (const actor of traced?.left.splice(0) ?? []) takeOver(actor);
    if (traced) missed.hear(news, isTraced);
    if (early.size > 0) tellEarly();
    if (news.knots) clearKnots(news.knots);
    for (const key of news.over) early.delete(threadKey(key));
    for (const key of untraced(news.over)) callOver(threadKey(key));
    for (const end of untraced(news.ended)) processGone(end);
    for (const process of untraced(news.processes)) processFound(process);
    for (const inode of news.closed) if (!isTracedSocket(inode)) socketGone(inode);
    for (const socket of news.sockets) {
      if (!isTracedSocket(socket.inode) && !socket.holders.some(isTraced)) socketFound(socket);
    }
    tellQueues(news.queues, news.at);
    for (const call of untraced(news.calls)) callBegun(call);
    tellWaits([...news.calls, ...news.waits], news.at);
    tellThreads(news);
    if (!news.knots) return;
    knotsSeen = news.knots;
    tellKnots(news.knots);
  };
};
