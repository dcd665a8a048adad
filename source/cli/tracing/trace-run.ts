import { createTeller } from '../../bench/processes/seen-entries.ts';
import type { ToldSource } from '../../bench/processes/told-source.ts';
import { type News, noNews } from '../../core/model/looks.ts';
import { t } from '../../core/words/translate.ts';
import type { Step } from '../../traces/strace/steps.ts';
import { tracerOf } from './strace-program.ts';
import { openForOthers } from './trace-door.ts';
import { createLiving, endThem, isAlive, type Living } from './trace-living.ts';
import { type SessionOptions, startSession, type TraceSession } from './trace-session.ts';
import { createTraced, createTraceTeller } from './trace-teller.ts';
import type { Whom } from './trace-whom.ts';

export type RunOptions = Pick<
  SessionOptions,
  'whom' | 'bySeccomp' | 'streamsOf' | 'printed' | 'trouble' | 'unwanted'
>;

/** Programs whose calls a source is told of. */
export type TraceRun = {
  readonly session: TraceSession;
  readonly living: Living;
  /** No more looks, and nobody joins. */
  readonly stop: () => void;
};

type Source = ToldSource<'trace'>;

/** Looks have the monotonic clock, strace the wall's, which may be set and goes on in a machine's sleep (clock_gettime(2)). */
const byWall = (news: News): News => ({
  ...news,
  at: news.at + Date.now() - (performance.timeOrigin + performance.now()),
});

/** How often it is seen to what looks have not told, in ms. */
const untoldMs = 1_000;

/** Asks once of each call that is there two times, and of which looks have told nothing. */
const askOfUntold = (untold: () => readonly number[], ask: () => void): (() => void) => {
  let before: ReadonlySet<number> = new Set();
  let asked: ReadonlySet<number> = new Set();
  const timer = setInterval(() => {
    const now = untold();
    const stand = now.filter(id => before.has(id));
    if (stand.some(id => !asked.has(id))) ask();
    before = new Set(now);
    asked = new Set(stand);
  }, untoldMs).unref();
  return () => clearInterval(timer);
};

/** Starts them, and hands everybody what they do. */
export const startRun = async (options: RunOptions, source: Source): Promise<TraceRun> => {
  const living = createLiving();
  const { traced, names } = createTraced();
  const teller = createTraceTeller(source, traced);
  const { began, now } = source;
  const looks = createTeller({ entry: source.tell, nextId: names.nextId, began, now, traced });
  // A thread of its own, which runs the very file: it is loaded by itself.
  const { startLooker } = await import('../looking/look-worker.ts');
  const looker = startLooker([], error => options.trouble(t`looks have ended: ${error.message}`));
  looker.start(news => looks.tell(byWall(news)));
  const stopAsking = askOfUntold(looks.untold, looker.poke);
  const tell = (steps: readonly Step[]) => {
    living.take(steps);
    teller(steps);
    looks.tell({ at: Date.now(), ...noNews });
  };
  /** Of those that nobody traces any more: they are watched, or gone. */
  const deserted = () => {
    const at = Date.now();
    for (const [actor, pid] of living.told()) {
      if (!isAlive(pid)) tell([{ kind: 'gone', at, actor, code: null, signal: '' }]);
      else if (tracerOf(pid) === 0) {
        tell([{ kind: 'left', at, actor }]);
        // Has it looked at anew.
        looker.add(pid);
      }
    }
  };
  const session = await startSession({ ...options, names, tell, traced: looker.add, deserted });
  const door = await openForOthers(async () => {
    const place = await session.join();
    return {
      ...place,
      enter: pid => {
        living.join(pid);
        place.enter(pid);
      },
    };
  }, options.trouble);
  return {
    living,
    session,
    stop: () => {
      door.close();
      stopAsking();
      looker.stop();
    },
  };
};

/** Ends what was started here; what was found running, or has joined, goes on. */
export const endRun = async ({ session, living }: TraceRun, whom: Whom): Promise<void> => {
  if (whom.kind === 'pids') session.leave();
  else {
    session.leaveJoined();
    await endThem(living, session.over);
  }
};
