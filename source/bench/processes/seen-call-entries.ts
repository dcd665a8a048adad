import { type SeenCall, type SeenWait, threadKey } from '../../core/model/looks.ts';
import type { ProcessId } from '../../core/model/process.ts';
import { callOf, needOf } from './seen-calls.ts';
import type { ToldCall } from './seen-deadlock.ts';
import type { Telling } from './telling.ts';

type Found = { readonly wait: SeenWait; readonly at: number };

const waitText = ({ needs, doubt }: SeenWait): string => JSON.stringify([needs, doubt]);

/** `of`: the call that it was told of. */
type FoundOfTraced = Found & { readonly of: number | undefined };

/** Calls that looks find processes in, and whom these wait for. */
export class SeenCallEntries {
  private readonly telling: Telling;
  /** Those told by looks, with what they wait for. */
  private readonly own = new Map<string, Found & { readonly about: ToldCall['about'] }>();
  /**
   * What looks have found last of the calls of traced threads, and of which it was told: strace may tell later of the call that it is
   * about, and meanwhile of none, or of one before.
   */
  private readonly traced = new Map<string, FoundOfTraced>();

  constructor(telling: Telling) {
    this.telling = telling;
  }

  begun(seen: SeenCall, at: number): void {
    const { names, told, nextId, entry, now, since, mark } = this.telling;
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
      ...mark,
    };
    told.calls.set(threadKey(seen), { about, needs: seen.needs });
    this.own.set(threadKey(seen), { about, wait: seen, at });
    const deadline = seen.deadline === null ? null : since(seen.deadline);
    entry({ kind: 'running', t: now(), ...about, startedAt, deadline });
  }

  /** Of a thread. */
  over(key: string): void {
    const { told } = this.telling;
    const call = told.calls.get(key);
    this.own.delete(key);
    if (!call) return;
    told.calls.delete(key);
    this.end(call.about);
  }

  /**
   * strace is late: a look has found the thread in its call before strace told of its process. From now on strace tells of it, of this
   * call too; what the look has found of it is told again then.
   */
  giveOver(): void {
    const { told, isTraced } = this.telling;
    for (const [key, { about, wait, at }] of this.own) {
      if (!isTraced(wait)) continue;
      this.own.delete(key);
      if (told.calls.get(key)?.about.id === about.id) told.calls.delete(key);
      this.end(about);
      this.traced.set(key, { wait, at, of: undefined });
    }
  }

  private end(about: ToldCall['about']): void {
    const { entry, now } = this.telling;
    const startedAt = about.queuedAt;
    entry({ kind: 'ended', t: now(), ...about, outcome: { kind: 'unseen' }, seen: true, startedAt });
  }

  overOf(actor: ProcessId): void {
    for (const [key, { about }] of this.telling.told.calls) if (about.actor === actor) this.over(key);
  }

  tellWaits(waits: readonly SeenWait[], at: number): void {
    const { names, told, isTraced, self = 0, entry, now, since } = this.telling;
    const calls = waits.flatMap(wait => {
      const { needs, doubt, ...thread } = wait;
      const key = threadKey(thread);
      const call = this.seenThen(key, at, isTraced(thread));
      if (isTraced(thread) && !this.isNews(key, { wait, at, of: call?.about.id })) return [];
      if (!call) return [];
      told.calls.set(key, { ...call, needs });
      const own = this.own.get(key);
      if (own) this.own.set(key, { ...own, wait, at });
      const looked = doubt === undefined ? {} : { looked: { at: since(at), doubt } };
      return [{ id: call.about.id, needs: needs.map(need => needOf(names, need, self)), ...looked }];
    });
    if (calls.length > 0) entry({ kind: 'waits', t: now(), calls });
  }

  /** Whether looks have told something else of the thread last, or the same of another call. */
  private isNews(key: string, found: FoundOfTraced): boolean {
    const before = this.traced.get(key);
    this.traced.set(key, found);
    return !before || before.of !== found.of || waitText(before.wait) !== waitText(found.wait);
  }

  /** The call that a look at `at` can have found a thread in: strace may have told of another since. */
  private seenThen(key: string, at: number, isTraced: boolean) {
    const call = this.telling.told.calls.get(key);
    return isTraced && call && call.about.queuedAt > this.telling.since(at) ? undefined : call;
  }

  /** Looks find it in that call no more. */
  forget(key: string): void {
    this.traced.delete(key);
  }

  /** What was found is told of a call that has come since, if it had begun by then. Answers its threads. */
  tellCome(): ReadonlySet<string> {
    const { isTraced } = this.telling;
    const come = new Set<string>();
    for (const [key, { wait, at, of }] of this.traced) {
      if (!isTraced(wait)) {
        this.traced.delete(key);
        continue;
      }
      const call = this.seenThen(key, at, true);
      if (!call || call.about.id === of) continue;
      come.add(key);
      this.tellWaits([wait], at);
    }
    return come;
  }

  /**
   * The traced calls of threads that looks find waiting, and of which these have told nothing: they take them for those before, alike in
   * all that they see, or have yet to find them.
   */
  untold(): readonly number[] {
    return [...this.traced].flatMap(([key, { of }]) => {
      const call = this.telling.told.calls.get(key);
      return call && call.about.id !== of ? [call.about.id] : [];
    });
  }
}
