import type { ToldCall, ToldSource } from '../bench/told-source.ts';
import type { SocketCondition } from '../core/state.ts';
import { orElse } from '../traces/proc-files.ts';
import { readProcess } from '../traces/process-reader.ts';
import { realProc } from '../traces/real-proc.ts';
import type { Step, StepOf } from '../traces/strace/steps.ts';

/** Signals that programs send themselves as a matter of course (Go's SIGURG), or that say what an entry says already. */
const unsaid: ReadonlySet<string> = new Set(['SIGCHLD', 'SIGURG', 'SIGSTOP']);

const nameOf = (pid: number): { readonly name: string; readonly args: readonly string[] } => {
  const facts = readProcess(realProc, pid);
  return { name: facts?.name ?? orElse(realProc.read(`${pid}/comm`), '').trim(), args: facts?.argv ?? [] };
};

const conditionOf = ({ socket }: StepOf<'socket'>): SocketCondition => {
  if (socket.listening) return 'LISTEN';
  if (socket.type === 'SOCK_DGRAM') return 'UNCONN';
  return socket.peer ? 'ESTAB' : 'CLOSED';
};

/** Makes entries of what strace tells. */
export const createTraceTeller = (source: ToldSource<'trace'>): ((steps: readonly Step[]) => void) => {
  const since = (at: number) => Math.max(0, at - source.began);
  /** Started, and not yet what they are to become. */
  const starting = new Set<string>();

  const process = (step: StepOf<'process'>) => {
    const { actor, pid, parent, at } = step;
    // Until its execve a program that was started is strace itself.
    if (step.origin === 'started') return void starting.add(actor);
    const origin = starting.delete(actor) ? 'started' : step.origin;
    source.tell({ kind: 'process', t: since(at), actor, pid, parent, origin, traced: true, ...nameOf(pid) });
  };

  const toldCall = (
    { id, actor, thread, call }: StepOf<'begin'> | StepOf<'end'>,
    startedAt: number,
    deadline: number | null,
  ): ToldCall => ({ id, actor, thread, call, startedAt: since(startedAt), deadline });

  const tell = (step: Step) => {
    const t = since(step.at);
    switch (step.kind) {
      case 'process':
        return process(step);
      case 'gone': {
        const { actor, code, signal } = step;
        return source.tell({ kind: 'gone', t, actor, code, signal });
      }
      case 'begin':
        return source.begin(toldCall(step, step.at, step.deadline === null ? null : since(step.deadline)));
      case 'end':
        return source.end(toldCall(step, step.began, null), t, step.outcome);
      case 'socket': {
        const { name, actor, inode, family, type, local, peer, listener } = step.socket;
        const about = { name, actor, inode, family, type, local, peer, listener };
        return source.tell({
          kind: 'socket',
          t,
          ...about,
          condition: conditionOf(step),
          holders: step.holders,
        });
      }
      case 'stopped':
        return source.tell({
          kind: 'note',
          t,
          level: 'info',
          text: `${step.thread} is stopped by ${step.signal}`,
        });
      case 'signal':
        if (unsaid.has(step.signal)) return;
        return source.tell({ kind: 'note', t, level: 'info', text: `${step.thread} has got ${step.signal}` });
    }
  };
  return steps => {
    for (const step of steps) tell(step);
  };
};
