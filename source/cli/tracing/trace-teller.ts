import { createSeenNames } from '../../bench/processes/seen-names.ts';
import type { Traced } from '../../bench/processes/telling.ts';
import type { ToldCall, ToldSource } from '../../bench/processes/told-source.ts';
import type { SocketCondition } from '../../core/model/names.ts';
import type { ProcessId } from '../../core/model/process.ts';
import { shakesHands, transportOf } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import { orElse } from '../../traces/proc/proc-files.ts';
import { readProcess } from '../../traces/proc/process-reader.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import type { Step, StepOf } from '../../traces/strace/steps.ts';
import type { TraceNames } from '../../traces/strace/traced-sockets.ts';

/** Signals that programs send themselves as a matter of course (Go's SIGURG), or that say what an entry says already. */
const unsaid: ReadonlySet<string> = new Set(['SIGCHLD', 'SIGURG', 'SIGSTOP']);

const nameOf = (pid: number): { readonly name: string; readonly args: readonly string[] } => {
  const facts = readProcess(realProc, pid);
  return { name: facts?.name ?? orElse(realProc.read(`${pid}/comm`), '').trim(), args: facts?.argv ?? [] };
};

const conditionOf = ({ socket }: StepOf<'socket'>): SocketCondition => {
  if (socket.listening) return 'LISTEN';
  return socket.peer && shakesHands(socket) ? 'ESTAB' : transportOf(socket).unconnected;
};

/** Times in ms since the source began. */
const toldCall = (
  { id, actor, thread, call }: StepOf<'begin'> | StepOf<'end'>,
  startedAt: number,
  deadline: number | null,
): ToldCall => ({ id, actor, thread, call, startedAt, deadline });

const socketEntry = (step: StepOf<'socket'>, t: number) => {
  const { name, actor, inode, family, type, local, peer, listener } = step.socket;
  const about = { name, actor, inode, family, type, local, peer, listener };
  return { kind: 'socket', t, ...about, condition: conditionOf(step), holders: step.holders } as const;
};

const leftWords = (actor: ProcessId): string =>
  t`${actor} is traced no longer: its strace has ended; it goes on, and is watched`;

const stoppedWords = (thread: string, signal: string): string => t`${thread} is stopped by ${signal}`;

const gotWords = (thread: string, signal: string): string => t`${thread} has got ${signal}`;

const infoEntry = (text: string, t: number) => ({ kind: 'note', t, level: 'info', text }) as const;

/** What strace has told so far, for the looks beside it. */
export type TracedSoFar = Traced & { readonly actors: Set<ProcessId> };

/** What is traced, by the names that it shares with what looks find. */
export const createTraced = (): { readonly traced: TracedSoFar; readonly names: TraceNames } => {
  const names = createSeenNames();
  let lastId = 0;
  const nothing = {
    family: 'AF_INET',
    type: 'SOCK_STREAM',
    state: '',
    local: null,
    peer: null,
    listener: 0,
  } as const;
  return {
    traced: {
      names,
      told: { calls: new Map(), queues: new Map(), processes: new Map() },
      left: [],
      actors: new Set(),
    },
    names: {
      nextId: () => ++lastId,
      process: names.process,
      socket: (inode, holders) => names.socket({ ...nothing, inode, holders })!.name,
      forget: names.forget,
    },
  };
};

/** Makes entries of what strace tells. */
export const createTraceTeller = (
  source: ToldSource<'trace'>,
  { told, actors, left }: TracedSoFar,
): ((steps: readonly Step[]) => void) => {
  const pids = new Map<ProcessId, number>();
  const keyOf = ({ actor, thread }: StepOf<'begin'> | StepOf<'end'>): string =>
    `${pids.get(actor) ?? 0}/${thread.split('/')[1]}`;
  const since = (at: number) => Math.max(0, at - source.began);
  /** Started, and not yet what they are to become. */
  const starting = new Set<string>();

  const process = (step: StepOf<'process'>) => {
    const { actor, pid, parent, at } = step;
    actors.add(actor);
    pids.set(actor, pid);
    // Until its execve a program that was started is strace itself.
    if (step.origin === 'started') return void starting.add(actor);
    const origin = starting.delete(actor) ? 'started' : step.origin;
    const { name, args } = nameOf(pid);
    told.processes.set(pid, { actor, pid, name });
    source.tell({ kind: 'process', t: since(at), actor, pid, parent, origin, traced: true, name, args });
  };

  const begin = (step: StepOf<'begin'>) => {
    const call = toldCall(step, since(step.at), step.deadline === null ? null : since(step.deadline));
    const about = { ...call, actor: step.actor, queuedAt: call.startedAt, inside: 0, looped: false };
    told.calls.set(keyOf(step), { about, needs: [] });
    source.begin(call);
  };

  /** It goes on as one that is watched. */
  const leave = ({ actor, at }: StepOf<'left'>) => {
    if (!actors.delete(actor)) return;
    left.push(actor);
    const t = since(at);
    const pid = pids.get(actor) ?? 0;
    const text = leftWords(actor);
    source.tell({ kind: 'note', t, level: 'warning', text });
    const { name, args } = nameOf(pid);
    source.tell({ kind: 'process', t, actor, pid, parent: '', origin: 'found', traced: false, name, args });
  };

  const tell = (step: Step) => {
    const t = since(step.at);
    switch (step.kind) {
      case 'process':
        return process(step);
      case 'gone': {
        const { actor, code, signal } = step;
        told.processes.delete(pids.get(actor) ?? 0);
        return source.tell({ kind: 'gone', t, actor, code, signal });
      }
      case 'left':
        return leave(step);
      case 'begin':
        return begin(step);
      case 'end':
        told.calls.delete(keyOf(step));
        return source.end(toldCall(step, since(step.began), null), t, step.outcome);
      case 'socket':
        if (step.holders.length === 0) told.queues.delete(step.socket.inode);
        return source.tell(socketEntry(step, t));
      case 'stopped':
        return source.tell(infoEntry(stoppedWords(step.thread, step.signal), t));
      case 'signal':
        if (!unsaid.has(step.signal)) source.tell(infoEntry(gotWords(step.thread, step.signal), t));
    }
  };
  return steps => {
    for (const step of steps) tell(step);
  };
};
