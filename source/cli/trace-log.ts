import { formatSeconds } from '../core/entry-text.ts';
import { orElse } from '../traces/proc-files.ts';
import { realProc } from '../traces/real-proc.ts';
import { stepText } from '../traces/strace/step-text.ts';
import type { ProcessId, Step, StepOf } from '../traces/strace/steps.ts';

/** A call that ends sooner is one line, in ms. */
const heldMs = 20;

/** What a process was started as, and where: as ps tells it. */
const argvOf = (pid: number): string[] =>
  Buffer.from(orElse(realProc.read(`${pid}/cmdline`), ''), 'latin1')
    .toString('utf8')
    .split('\0')
    .slice(0, -1);

/** Steps as lines for people, a call that is soon over as one. */
export type TraceLog = {
  readonly take: (steps: readonly Step[]) => void;
  /** A line that no step is: what a look has found. `at` in ms since 1970. */
  readonly say: (at: number, who: string, text: string) => void;
  /** A thread, by its process alone where it is the first one of it. */
  readonly label: (thread: string) => string;
  readonly flush: () => void;
};

export const createTraceLog = (began: number, print: (line: string) => void): TraceLog => {
  const pids = new Map<ProcessId, number>();
  const callMade = new Set<string>();
  const held: (Step & { readonly since: number })[] = [];
  let timer: NodeJS.Timeout | undefined;

  const say: TraceLog['say'] = (at, who, text) =>
    print(`${formatSeconds(Math.max(0, at - began))}  ${who}  ${text}`);

  const label = (thread: string): string => {
    const [actor, tid] = thread.split('/');
    return pids.get(actor as ProcessId) === Number(tid) ? actor! : thread;
  };

  /** Sockets that a call has made, and that one process has, are known from that call. */
  const isNews = ({ socket, holders }: StepOf<'socket'>): boolean =>
    holders.length !== 1 || !callMade.has(socket.name);

  const write = (step: Step) => {
    switch (step.kind) {
      case 'process':
        pids.set(step.actor, step.pid);
        // Before it runs the program it is still strace itself.
        if (step.origin === 'started') return;
        break;
      case 'end':
        if (step.outcome.kind === 'made') callMade.add(step.outcome.name);
        break;
      case 'socket':
        if (!isNews(step)) return;
        return say(step.at, step.socket.actor, stepText(step, []));
      default:
    }
    const who = 'thread' in step ? label(step.thread) : step.actor;
    say(step.at, who, stepText(step, step.kind === 'process' ? argvOf(step.pid) : []));
  };

  const pass = (all: boolean) => {
    clearTimeout(timer);
    timer = undefined;
    const until = all ? Number.POSITIVE_INFINITY : Date.now() - heldMs;
    while (held.length > 0 && held[0]!.since <= until) {
      const { since: _, ...step } = held.shift()!;
      write(step as Step);
    }
    if (held.length > 0) timer = setTimeout(() => pass(false), heldMs);
  };

  return {
    say: (at, who, text) => {
      pass(true);
      say(at, who, text);
    },
    take: steps => {
      for (const step of steps) {
        const begun =
          step.kind === 'end' ? held.findIndex(one => one.kind === 'begin' && one.id === step.id) : -1;
        if (begun >= 0) held.splice(begun, 1);
        held.push({ ...step, ...(begun >= 0 && { seen: false }), since: Date.now() } as Step & {
          since: number;
        });
      }
      timer ??= setTimeout(() => pass(false), heldMs);
    },
    label,
    flush: () => pass(true),
  };
};
