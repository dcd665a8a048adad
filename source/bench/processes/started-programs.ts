import { constants } from 'node:os';
import type { Draft, OutputEntry } from '../../core/model/entry.ts';
import { type Looker, type News, noNews } from '../../core/model/looks.ts';
import type { ProcessId } from '../../core/model/process.ts';
import { t } from '../../core/words/translate.ts';
import { createSeenNames, type SeenNames } from './seen-names.ts';

export type Printed = Pick<OutputEntry, 'stream' | 'data'>;

/** `signal` '' where it ended by itself. */
export type ProgramEnd = { readonly code: number | null; readonly signal: string };

export type RunningProgram = {
  readonly pid: number;
  readonly args: readonly string[];
  /** It has ended, and all that it printed has been told. */
  readonly ended: Promise<ProgramEnd>;
  /** Ends it, whether it wants to or not. */
  readonly end: () => Promise<unknown>;
};

/** Looks at processes, of which there come more. */
type GrowingLooker = Looker & { readonly add: (pid: number) => void };

/** How programs of a lesson are started, and looked at while they run. */
export type ProgramStarter = {
  /** Rejects where it cannot be started. */
  readonly start: (args: readonly string[], printed: (printed: Printed) => void) => Promise<RunningProgram>;
  /** The process that starts them. */
  readonly self: number;
  /** `failed` hears why no more looks come. Null where processes cannot be looked at. */
  readonly look: ((pid: number, failed: (error: Error) => void) => Promise<GrowingLooker>) | null;
};

/** The `nth` of so many that there will be: p1, p2 … in this order, whenever they are started. */
export type ToStart = { readonly nth: number; readonly of: number; readonly args: readonly string[] };

export type StartedPrograms = {
  /** Rejects where it cannot be started. */
  readonly start: (program: ToStart) => Promise<ProcessId>;
  /** Ends those that still run; none is started any more. */
  readonly end: () => Promise<void>;
};

export type StartedOptions = {
  readonly starter: ProgramStarter;
  readonly entry: (draft: Draft) => void;
  readonly now: () => number;
  /** Makes entries of what looks tell; `names` has the names that are given here. */
  readonly tellerFor: (names: SeenNames, isStarted: (pid: number) => boolean) => (news: News) => void;
};

const numberOf = (signal: string): number =>
  signal === '' ? 0 : (constants.signals[signal as NodeJS.Signals] ?? 0);

/** What ps calls it, as far as its command line tells. */
const nameOf = ({ args }: RunningProgram): string => args[0]?.split('/').at(-1) ?? '';

type Known = { readonly args: readonly string[]; over: boolean };

/** What a look tells, without what is known better here: how programs began and ended, and those that are no more. */
const besides = (news: News, known: ReadonlyMap<number, Known>): News => {
  const lives = ({ pid }: { readonly pid: number }) => known.get(pid)?.over !== true;
  // By their last argument: what ps calls a program may be another name of the same.
  const isNew = ({ pid, args }: News['processes'][number]) =>
    lives({ pid }) && (known.get(pid)?.args.at(-1) ?? '') !== args.at(-1);
  return {
    ...news,
    processes: news.processes.filter(isNew),
    ended: news.ended.filter(({ pid }) => !known.has(pid)),
    over: news.over.filter(lives),
    calls: news.calls.filter(lives),
    waits: news.waits.filter(lives),
    threads: news.threads.filter(lives),
    threadsOver: news.threadsOver.filter(lives),
    knots: news.knots?.filter(({ threads, behind }) => [...threads, ...behind].every(lives)) ?? null,
  };
};

/** Programs that are started beside the bench's own: named, looked at, and ended with the bench. */
export const createStartedPrograms = ({
  starter,
  entry,
  now,
  tellerFor,
}: StartedOptions): StartedPrograms => {
  const known = new Map<number, Known>();
  const named = new Map<number, ProcessId>();
  const living = new Set<RunningProgram>();
  let closed = false;
  let tell: ((news: News) => void) | null = null;
  let looker: Promise<GrowingLooker | null> | null = null;

  const failed = (error: Error) => {
    if (closed) return;
    entry({ kind: 'note', t: now(), level: 'warning', text: t`looks have ended: ${error.message}` });
  };

  const firstLook = async (pid: number): Promise<GrowingLooker | null> => {
    const found = (await starter.look?.(pid, failed)) ?? null;
    if (closed) return null;
    found?.start(news => {
      if (!closed) tell?.(besides(news, known));
    });
    return found;
  };

  const lookAt = async (pid: number): Promise<void> => {
    if (looker) (await looker)?.add(pid);
    else {
      looker = firstLook(pid);
      await looker;
    }
  };

  const over = (program: RunningProgram, { code, signal }: ProgramEnd): void => {
    living.delete(program);
    const { pid } = program;
    tell?.({ ...noNews, at: 0, ended: [{ pid, code, signal: numberOf(signal) }] });
    known.get(pid)!.over = true;
  };

  const enter = (program: RunningProgram, actor: ProcessId, { of }: ToStart): void => {
    const { pid, args } = program;
    living.add(program);
    known.set(pid, { args, over: false });
    named.set(pid, actor);
    tell ??= tellerFor(
      createSeenNames(() => '', { given: each => named.get(each), from: of }),
      each => known.has(each),
    );
    const name = nameOf(program);
    tell({ ...noNews, at: 0, processes: [{ pid, name, args, parent: 0, asked: true }] });
  };

  return {
    start: async given => {
      const actor: ProcessId = `p${given.nth}`;
      const early: Printed[] = [];
      let told = (printed: Printed): void => void early.push(printed);
      const program = await starter.start(given.args, printed => told(printed));
      enter(program, actor, given);
      const who = { actor, name: nameOf(program), pid: program.pid };
      told = printed => entry({ kind: 'output', t: now(), ...who, ...printed });
      for (const printed of early) told(printed);
      void program.ended.then(end => over(program, end));
      if (closed) await program.end();
      else await lookAt(program.pid);
      return actor;
    },
    end: async () => {
      closed = true;
      await Promise.all([...living].map(program => program.end()));
      (await looker)?.stop();
    },
  };
};
