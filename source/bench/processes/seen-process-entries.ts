import { constants } from 'node:os';
import type { News } from '../../core/model/looks.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { Telling } from './telling.ts';

const signalName = (signal: number): string =>
  Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ??
  (signal === 0 ? '' : `signal ${signal}`);

/** Processes that looks see come and go, and what their threads do where they are in no call. */
export class SeenProcessEntries {
  private readonly telling: Telling;

  constructor(telling: Telling) {
    this.telling = telling;
  }

  found({ pid, name, args, parent }: News['processes'][number]): void {
    const { names, told, entry, now, mark, isStarted } = this.telling;
    const again = told.processes.has(pid);
    const by = names.known(parent) ?? '';
    const actor = names.process(pid);
    told.processes.set(pid, { actor, pid, name });
    const first = isStarted?.(pid) ? 'started' : by === '' ? 'found' : 'forked';
    const origin = again ? 'executed' : first;
    entry({ kind: 'process', t: now(), actor, pid, name, args, parent: by, origin, traced: false, ...mark });
  }

  gone(actor: ProcessId, { pid, code, signal }: News['ended'][number]): void {
    const { names, told, entry, now } = this.telling;
    entry({ kind: 'gone', t: now(), actor, code, signal: signalName(signal) });
    names.leave(actor);
    told.processes.delete(pid);
  }

  tellThreads({ threads, threadsOver }: News): void {
    const { names, entry, now, since } = this.telling;
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
  }
}
