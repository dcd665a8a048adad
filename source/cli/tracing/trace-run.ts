import { createTeller } from '../../bench/processes/seen-entries.ts';
import type { ToldSource } from '../../bench/processes/told-source.ts';
import { noNews } from '../../core/model/looks.ts';
import { openForOthers } from './trace-door.ts';
import { createLiving, endThem, type Living } from './trace-living.ts';
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

/** Starts them, and hands everybody what they do. */
export const startRun = async (options: RunOptions, source: Source): Promise<TraceRun> => {
  const living = createLiving();
  const { traced, names } = createTraced();
  const teller = createTraceTeller(source, traced);
  const { began, now } = source;
  const tellLook = createTeller({ entry: source.tell, nextId: names.nextId, began, now, traced });
  // A thread of its own, which runs the very file: it is loaded by itself.
  const { startLookerBesides } = await import('../looking/look-worker.ts');
  const looker = startLookerBesides([], error => options.trouble(`looks have ended: ${error.message}`));
  looker.start(tellLook);
  const session = await startSession({
    ...options,
    names,
    tell: steps => {
      living.take(steps);
      teller(steps);
      tellLook({ at: Date.now(), ...noNews });
    },
    traced: looker.add,
  });
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
      looker.stop();
    },
  };
};

/** Ends what was started here; what was found running, or has joined, goes on. */
export const endRun = async ({ session, living }: TraceRun, whom: Whom): Promise<void> => {
  if (whom.kind === 'pids') session.leave();
  else {
    session.leaveJoined();
    await endThem(living.own, session.over);
  }
};
