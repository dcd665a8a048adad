import { createTeller } from '../bench/seen-entries.ts';
import type { ToldSource } from '../bench/told-source.ts';
import { createLiving, endThem, type Living } from './trace-living.ts';
import { type SessionOptions, startSession, type TraceSession } from './trace-session.ts';
import { createTraced, createTraceTeller } from './trace-teller.ts';
import type { Whom } from './trace-whom.ts';

export type RunOptions = Pick<SessionOptions, 'whom' | 'bySeccomp' | 'streamsOf' | 'trouble' | 'unwanted'>;

/** Programs whose calls a source is told of. */
export type TraceRun = {
  readonly session: TraceSession;
  readonly living: Living;
  /** No more looks. */
  readonly stop: () => void;
};

type Source = ToldSource<'trace'>;

/** Starts them, and hands everybody what they do. */
export const startRun = async (options: RunOptions, source: Source): Promise<TraceRun> => {
  const living = createLiving();
  const { traced, names } = createTraced();
  const teller = createTraceTeller(source, traced);
  const session = await startSession({
    ...options,
    names,
    tell: steps => {
      living.take(steps);
      teller(steps);
    },
  });
  // A thread of its own, which runs the very file: it is loaded by itself.
  const { startLooker } = await import('./look-worker.ts');
  const looker = startLooker(session.roots(), error => options.trouble(`looks have ended: ${error.message}`));
  const { began, now } = source;
  looker.start(createTeller({ entry: source.tell, nextId: names.nextId, began, now, traced }));
  return { living, session, stop: looker.stop };
};

/** Ends what was started here; what was found running goes on. */
export const endRun = async ({ session, living }: TraceRun, whom: Whom): Promise<void> => {
  if (whom.kind === 'pids') session.leave();
  else await endThem(living.pids, session.over);
};
