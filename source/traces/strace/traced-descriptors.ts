import type { Holder } from '../../core/model/process.ts';
import type { BesideStrace } from './beside.ts';
import { inodeIn } from './descriptor-calls.ts';
import type { Programs, TracedProcess } from './programs.ts';
import type { Step, TracedSocket } from './steps.ts';
import type { Tables } from './tables.ts';
import type { Sockets, TraceNames } from './traced-sockets.ts';
import { descriptorsIn, type Value } from './value.ts';

/** What is known of traced programs: their tables of descriptors, their sockets, and what the machine tells besides. */
export type TracedWorld = {
  readonly beside: BesideStrace;
  readonly names: TraceNames;
  readonly tables: Tables;
  readonly sockets: Sockets;
  readonly programs: Programs;
  readonly tell: (step: Step) => void;
};

/** Standard input, output and error. */
const lastStandard = 2;

/** Which sockets the descriptors of traced programs lead to, and who holds them. */
export class TracedDescriptors {
  private readonly world: TracedWorld;
  /** Sockets of other families: nothing is told of them. */
  private readonly untold = new Set<number>();

  constructor(world: TracedWorld) {
    this.world = world;
  }

  /** Any descriptor that strace names may lead to a socket that came by inheritance, or through a Unix socket. */
  learn(process: TracedProcess, values: readonly Value[]): void {
    const { tables } = this.world;
    const { table } = process;
    for (const { fd, target } of values.flatMap(descriptorsIn)) {
      const inode = inodeIn(target);
      if (inode === null) {
        if (table.sockets.has(fd)) tables.drop(table, fd);
        continue;
      }
      tables.set(table, fd, inode, table.closes.has(fd));
      this.find(inode, process, fd);
    }
  }

  /** Tells of sockets whose holders have changed; those that nobody has any more only where `ends` does not tell of it. */
  settle(at: number, ends = false): void {
    const { tables, sockets, names, tell } = this.world;
    for (const inode of tables.changed()) {
      const holding = this.holdersOf(inode);
      const socket = sockets.of(inode);
      if (holding.length === 0) this.untold.delete(inode);
      if (!socket) continue;
      if (holding.length > 0) names.socket(inode, holding);
      const holders = holding.map(({ actor, fd }): Holder => ({ actor, fd }));
      if (holders.length > 0 || !ends) tell({ kind: 'socket', at, socket: { ...socket }, holders });
      if (holders.length === 0) sockets.forget(inode);
    }
  }

  socketAt({ table }: TracedProcess, fd: number | null): TracedSocket | undefined {
    const inode = fd === null ? undefined : table.sockets.get(fd);
    return inode === undefined ? undefined : this.world.sockets.of(inode);
  }

  /** A descriptor's name: its socket's, or `fd7`. */
  nameOf(process: TracedProcess, fd: number): string {
    return this.socketAt(process, fd)?.name ?? `fd${fd}`;
  }

  private holdersOf(inode: number) {
    const { tables, programs } = this.world;
    return tables
      .holdersOf(inode)
      .flatMap(({ table, fd }) => programs.havingTable(table).map(({ actor, pid }) => ({ actor, pid, fd })));
  }

  private find(inode: number, { pid, actor }: TracedProcess, fd: number): void {
    const { beside, sockets } = this.world;
    if (sockets.of(inode) || this.untold.has(inode)) return;
    const found = beside.socketOf(inode, pid);
    // Whoever started the process may have made these of Unix sockets, as Node does.
    const isStandard = found?.family === 'AF_UNIX' && fd <= lastStandard;
    if (found && !isStandard) sockets.make({ ...found, actor, inode, fd, pid, listener: '' });
    else this.untold.add(inode);
  }
}
