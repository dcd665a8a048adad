import type { Observer } from '../../core/model/observer.ts';
import { watchPeers } from '../processes/peers.ts';
import { createTeller } from '../processes/seen-entries.ts';
import {
  createStartedPrograms,
  type ProgramStarter,
  type StartedPrograms,
} from '../processes/started-programs.ts';
import type { TellerOptions } from '../processes/telling.ts';
import type { Bench } from './bench.ts';
import type { BenchOptions } from './bench-options.ts';
import type { Clock } from './clock.ts';
import { watchEnded } from './close-ended.ts';
import { watchDescriptors } from './descriptor-watch.ts';
import type { Flights } from './flights.ts';
import type { Flusher } from './flusher.ts';
import { watchKernel } from './kernel-watch.ts';

export type WatchesHost = {
  readonly flusher: Flusher;
  readonly flights: Flights;
  readonly clock: Clock;
  /** t = 0 on the clock. */
  readonly began: number;
  readonly now: () => number;
  readonly find: Bench['find'];
};

/** What is seen besides what calls tell: the kernel's tables, and programs beside the bench's own. */
export type Watches = {
  /** Null where the bench starts none. */
  readonly started: StartedPrograms | null;
  readonly stop: () => void;
};

const tellerOf = ({ flusher, flights, clock, began, now }: WatchesHost) => {
  const { nextId } = flights;
  const common = { entry: flusher.inbox.entry, nextId, began: clock.origin + began, now };
  return (about: Partial<TellerOptions>) => createTeller({ ...common, ...about }).tell;
};

/** Queues of the bench's sockets, and how far its sends have got. */
const watchQueues = (observer: Observer, { flusher, clock, began, now }: WatchesHost) =>
  watchKernel(observer, clock, flusher.state, ({ source, samples, readAt, asked }) => {
    const taken = flusher.progress();
    const told = samples.length > 0 || taken.length > 0;
    if (told || asked) {
      const sample = { source, readAt: readAt - began, sockets: samples, taken };
      flusher.inbox.entry({ kind: 'sample', t: now(), ...sample });
    }
    return told;
  });

const startedBy = (
  starter: ProgramStarter,
  { flusher, now }: WatchesHost,
  teller: ReturnType<typeof tellerOf>,
) =>
  createStartedPrograms({
    starter,
    entry: flusher.inbox.entry,
    now,
    tellerFor: (names, isStarted) => teller({ names, isStarted, self: starter.self }),
  });

export const createWatches = (options: BenchOptions, host: WatchesHost): Watches => {
  const { observer, descriptors, programs: starter } = options;
  const { flusher, flights, find } = host;
  const teller = tellerOf(host);
  const queues = observer ? watchQueues(observer, host) : undefined;
  if (queues) flusher.subscribe(queues.poke);
  if (options.closeEnded) flusher.subscribe(watchEnded(call => void flights.perform(call, { looped: true })));
  if (descriptors) flusher.subscribe(watchDescriptors(descriptors, find));
  const peers = options.peers && watchPeers(options.peers, self => teller({ self, aside: true }));
  if (peers) flusher.subscribe(peers.see);
  return {
    started: starter ? startedBy(starter, host, teller) : null,
    stop: () => {
      queues?.stop();
      peers?.stop();
      observer?.close?.();
    },
  };
};
