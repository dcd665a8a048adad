import type { Call } from '../../core/calls/call.ts';
import type { CallRef } from '../../core/calls/call-ref.ts';
import { calls } from '../../core/calls/calls.ts';
import type { ActorId } from '../../core/model/actors.ts';
import type { DeadlockFinding, Finding, Held, Queued } from '../../core/model/finding.ts';
import {
  type SeenKnot,
  type SeenNeed,
  type SeenQueues,
  type ThreadKey,
  threadKey,
} from '../../core/model/looks.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { SeenNames } from './seen-names.ts';

export type ToldCall = {
  readonly about: {
    readonly id: number;
    readonly actor: ProcessId;
    readonly call: Call;
    readonly thread: string;
    readonly queuedAt: number;
    readonly inside: number;
    readonly looped: boolean;
    readonly aside?: true;
  };
  readonly needs: readonly SeenNeed[];
};

/** What the journal has been told of processes: calls in flight by their threads, queues by inode, processes by pid. */
export type Told = {
  readonly calls: Map<string, ToldCall>;
  readonly queues: Map<number, Omit<SeenQueues, 'inode'>>;
  readonly processes: Map<number, DeadlockProcess>;
};

type DeadlockProcess = { readonly actor: ProcessId; readonly pid: number; readonly name: string };

/** Calls that only wait for it and are kept with it by name. */
const fewFollowers = 3;

const refOf = (names: SeenNames, { about, needs }: ToldCall): CallRef => {
  const { id, call, looped } = about;
  const socket = call.name === 'poll' ? names.nameOf(needs[0]?.inode ?? 0) : call.on;
  return { id, on: call.on, name: call.name, socket, looped };
};

/** For whom a call of the cycle waits; `through`: the call of theirs that is in the cycle, too. */
const heldBy = (names: SeenNames, { about, needs }: ToldCall, cycle: readonly ToldCall[]): Held => {
  const [need] = needs;
  const pids = [...new Set(needs.flatMap(({ by }) => by))];
  // Of a call that strace has told of after the look nothing more is known yet than that it is in the cycle.
  const others = cycle.map(other => other.about.actor).filter(actor => actor !== about.actor);
  const actors: ActorId[] = pids.length > 0 ? pids.map(names.process) : [...new Set(others)];
  const through = cycle.find(({ about }) => actors.includes(about.actor))?.about.id ?? 0;
  const act = need?.act ?? (calls[about.call.name].moves === 'out' ? 'recv' : 'send');
  return { kind: 'process', on: names.nameOf(need?.other ?? 0), act, actors, through };
};

const queuedOf = (names: SeenNames, { queues }: Told, cycle: readonly ToldCall[]): Queued[] => {
  const done = new Set<number>();
  return cycle.flatMap(({ needs }) =>
    needs.flatMap(({ inode, other }): Queued[] => {
      const [mine, theirs] = [queues.get(inode), queues.get(other)];
      if (!mine || !theirs || done.has(inode) || theirs.state === 'LISTEN') return [];
      done.add(inode).add(other);
      const there = mine.sndQ + theirs.rcvQ;
      const back = theirs.sndQ + mine.rcvQ;
      if (there === 0 && back === 0) return [];
      return [{ kind: 'twin', socket: names.nameOf(inode), twin: names.nameOf(other), there, back }];
    }),
  );
};

/** Threads that wait for each other, as a finding: in the words of the journal, and whole in itself. */
export const deadlockSeen = (
  knot: SeenKnot,
  names: SeenNames,
  told: Told,
  since: (at: number) => number,
): Finding & DeadlockFinding => {
  const callsOf = (keys: readonly ThreadKey[]) => keys.flatMap(key => told.calls.get(threadKey(key)) ?? []);
  const cycle = callsOf(knot.threads);
  const behind = callsOf(knot.behind);
  const threads = knot.threads.map(names.thread);
  const pids = [...new Set(knot.threads.map(({ pid }) => pid))];
  const until = knot.until && { call: callsOf([knot.until])[0], at: since(knot.until.at), by: knot.until.by };
  const end = until?.call
    ? [{ kind: 'end' as const, call: refOf(names, until.call), at: until.at, by: until.by }]
    : [];
  return {
    name: 'deadlock',
    key: `deadlock ${threads.join(' ')}`,
    sockets: [...new Set(cycle.map(call => refOf(names, call).socket).filter(name => name !== ''))],
    calls: cycle.map(({ about }) => about.id),
    waits: cycle.map(call => ({ call: refOf(names, call), reason: heldBy(names, call, cycle) })),
    queued: queuedOf(names, told, cycle),
    remedies: end,
    until: until?.at ?? null,
    behind: { first: behind.slice(0, fewFollowers).map(call => refOf(names, call)), count: behind.length },
    seen: {
      certain: knot.certain,
      threads,
      processes: pids.flatMap(pid => told.processes.get(pid) ?? []),
      mayEnd: knot.mayEnd.map(({ why, ...key }) => ({ thread: names.thread(key), why })),
    },
  };
};
