import { unix } from '../../core/addresses/endpoint.ts';
import type { BesideStrace } from './beside.ts';
import { inodeIn } from './descriptor-calls.ts';
import { endpointOf } from './endpoints.ts';
import type { Result } from './moments.ts';
import type { TracedProcess, TracedThread } from './programs.ts';
import { isEverywhere } from './socket-changes.ts';
import type { TracedSocket } from './steps.ts';
import type { Tables } from './tables.ts';
import type { ToldCall } from './told-call.ts';
import { kindOf } from './traced-socket-calls.ts';
import type { NewSocket, Sockets } from './traced-sockets.ts';
import { descriptorsIn, flagsIn, numberIn, type Value } from './value.ts';

type Around = {
  readonly beside: BesideStrace;
  readonly tables: Tables;
  readonly sockets: Sockets;
  readonly socketAt: (process: TracedProcess, fd: number | null) => TracedSocket | undefined;
};

/** Sockets that calls of traced programs make: by socket, accept and socketpair. */
export const createMakers = ({ beside, tables, sockets, socketAt }: Around) => {
  /** The socket that socket or accept has made. */
  const make = (
    { process }: TracedThread,
    made: Omit<NewSocket, 'actor' | 'fd' | 'pid' | 'inode'>,
    result: Result,
    closes: boolean,
  ) => {
    const inode = inodeIn(result.target);
    const fd = result.value;
    if (inode === null || fd === null) return undefined;
    tables.set(process.table, fd, inode, closes);
    return sockets.make({ ...made, actor: process.actor, pid: process.pid, inode, fd });
  };

  /** Two that are each other's peers; the call itself, which makes both at once, is none that is told. */
  const makePair = ({ process }: TracedThread, values: readonly Value[]) => {
    const kind = kindOf(values);
    const made = descriptorsIn(values[3] ?? { kind: 'list', items: [] }).flatMap(({ fd, target }) => {
      const inode = inodeIn(target);
      return inode === null ? [] : [{ fd, inode }];
    });
    if (!kind || made.length !== 2) return;
    const closes = flagsIn(values[1]).includes('SOCK_CLOEXEC');
    const { actor, pid } = process;
    for (const [n, { fd, inode }] of made.entries()) {
      tables.set(process.table, fd, inode, closes);
      sockets.make({ ...kind, actor, pid, inode, fd, listener: '', peer: unix('', made[1 - n]!.inode) });
    }
  };

  const accepted = (thread: TracedThread, on: string, values: readonly Value[], result: Result) => {
    const listener = socketAt(thread.process, numberIn(values[0]));
    if (!listener) return undefined;
    const known = listener.local && !isEverywhere(listener.local) ? listener.local : null;
    const told = endpointOf(values[1]);
    // Who has no name is the number that the kernel tells.
    const peer = told?.kind === 'unix' && told.path === '' ? null : told;
    const inode = inodeIn(result.target);
    const asked = known && peer ? null : inode === null ? null : beside.socketOf(inode, thread.process.pid);
    const { family, type } = listener;
    const ends = { local: known ?? asked?.local ?? null, peer: peer ?? asked?.peer ?? told };
    return make(
      thread,
      { family, type, listener: on, ...ends },
      result,
      flagsIn(values[3]).includes('SOCK_CLOEXEC'),
    );
  };

  /** The name of what the call has made, and its addresses. */
  const madeBy = (thread: TracedThread, { call }: ToldCall, values: readonly Value[], result: Result) => {
    if (result.error !== '' || result.value === null) return undefined;
    if (call.name === 'accept') return accepted(thread, call.on, values, result);
    const kind = call.name === 'socket' ? kindOf(values) : null;
    return (
      kind && make(thread, { ...kind, listener: '' }, result, flagsIn(values[1]).includes('SOCK_CLOEXEC'))
    );
  };

  return { madeBy, makePair };
};

export type Makers = ReturnType<typeof createMakers>;
