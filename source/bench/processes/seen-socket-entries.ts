import { conditionSeen } from '../../core/fold/fold-sockets.ts';
import type { News } from '../../core/model/looks.ts';
import type { Telling } from './telling.ts';

const nothing = {
  family: 'AF_INET',
  type: 'SOCK_STREAM',
  condition: 'CLOSED',
  local: null,
  peer: null,
  listener: '',
  holders: [],
} as const;

/** Sockets of processes, and their queues, as looks see them. */
export class SeenSocketEntries {
  private readonly telling: Telling;

  constructor(telling: Telling) {
    this.telling = telling;
  }

  found(seen: News['sockets'][number]): void {
    const { names, entry, now, mark } = this.telling;
    const named = names.socket(seen);
    if (!named) return;
    const { name, actor, holders } = named;
    const { inode, family, type, local, peer } = seen;
    const condition = conditionSeen(seen.state);
    const listener = names.nameOf(seen.listener);
    const about = { name, actor, inode, family, type, condition, local, peer, listener, holders };
    entry({ kind: 'socket', t: now(), ...about, ...mark });
  }

  gone(inode: number): void {
    const { names, told, entry, now, mark } = this.telling;
    const named = names.socketOf(inode);
    told.queues.delete(inode);
    if (!named) return;
    names.forget(inode);
    const { name, actor } = named;
    entry({ kind: 'socket', t: now(), name, actor, inode, ...nothing, ...mark });
  }

  tellQueues(queues: News['queues'], at: number): void {
    const { names, told, own, entry, now, since } = this.telling;
    const sockets = queues.flatMap(({ inode, ...sample }) => {
      const socket = names.nameOf(inode);
      told.queues.set(inode, sample);
      return socket === '' || own?.(inode) ? [] : [{ socket, ...sample }];
    });
    if (sockets.length > 0)
      entry({ kind: 'sample', t: now(), source: 'kernel', readAt: since(at), sockets, taken: [] });
  }
}
