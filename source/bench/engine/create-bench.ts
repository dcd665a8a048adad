import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Driver, Notice } from '../../core/calls/driver.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { type LoopName, perProgram } from '../../core/model/actors.ts';
import { type Caps, createJournal, defaultCaps } from '../../core/model/journal.ts';
import type { PeerLooker } from '../../core/model/looks.ts';
import type { Policy } from '../../core/model/names.ts';
import type { Observer } from '../../core/model/observer.ts';
import type { Spool } from '../../core/model/sink.ts';
import { initialState, type ProgramState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { createBehaviourEngine } from '../behaviours/behaviour-engine.ts';
import { createFaultyCalls } from '../behaviours/faulty-calls.ts';
import { createRelays } from '../behaviours/relays.ts';
import { createRepeats } from '../behaviours/repeats.ts';
import { createRules } from '../behaviours/rules-in-force.ts';
import { watchPeers } from '../processes/peers.ts';
import { createTeller } from '../processes/seen-entries.ts';
import { createStartedPrograms, type ProgramStarter } from '../processes/started-programs.ts';
import type { Bench } from './bench.ts';
import { type Clock, systemClock } from './clock.ts';
import { watchEnded } from './close-ended.ts';
import { type DescriptorCount, watchDescriptors } from './descriptor-watch.ts';
import type { Flight } from './flight.ts';
import { createFlights } from './flights.ts';
import { createFlusher } from './flusher.ts';
import { watchKernel } from './kernel-watch.ts';
import { createLent } from './lent.ts';
import { objection } from './own-answers.ts';
import { createRegistry } from './registry.ts';
import { createWraps } from './wraps.ts';

export type BenchOptions = {
  /** Called once; `notice` hears what the kernel does without a call. */
  readonly driver: (notice: (notice: Notice) => void) => Driver;
  readonly observer?: Observer;
  /** Closes connections that are over for good. */
  readonly closeEnded?: boolean;
  /** How many descriptors are open. */
  readonly descriptors?: DescriptorCount;
  /** Starts to look at processes of this machine at the other end of the bench's sockets: asked for once there are any. */
  readonly peers?: () => Promise<PeerLooker>;
  /** Starts programs beside the bench's own: a lesson's. */
  readonly programs?: ProgramStarter;
  readonly clock?: Clock;
  readonly caps?: Caps;
  readonly policy?: Policy;
  readonly loops?: Readonly<Record<LoopName, boolean>>;
  /**
   * Memory of payloads that the journal drops is written again. Only where nobody keeps an outcome's data for long: a
   * lab waits for calls that ended long ago.
   */
  readonly recycle?: boolean;
  /** Gets what the journal lets go of. */
  readonly spool?: Spool;
};

/** What new calls go by: ahead of the folded state by at most one flush. */
const settingsOf = ({
  policy,
  loops,
}: ProgramState): { policy: Policy; loops: Record<LoopName, boolean> } => ({
  policy,
  loops: { ...loops },
});

/** Wires threads, loops, the driver and the journal into a running workbench. */
export const createBench = (options: BenchOptions): Bench => {
  const clock = options.clock ?? systemClock;
  const began = clock.now();
  const now = () => clock.now() - began;
  const lent = createLent();
  const journal = createJournal(options.caps ?? defaultCaps, (entry, received, sent) => {
    options.spool?.keep(entry, received, sent);
    if (!options.recycle) return;
    if (received.length > 0 && lent.isFree(received, false)) driver.release?.(received);
    if (sent.length > 0 && lent.isFree(sent, true)) driver.release?.(sent);
  });
  const registry = createRegistry();
  const table = new Map<number, Flight>();
  const first = initialState(options.policy, options.loops);
  const programs = perProgram(program => settingsOf(first.programs[program]));
  let disposed = false;

  const flusher = createFlusher({ journal, clock, now, first, flights: table });
  const { inbox } = flusher;
  if (options.spool) flusher.record(options.spool);

  /** Loops start where something became able to accept or receive. */
  const afterEnd = (flight: Flight, outcome: Outcome, closed: string) => {
    const { call, socket, looped } = flight;
    if (disposed) return;
    if (closed !== '') {
      rules.forget(closed);
      relays.forget(closed);
      faulty.forget(closed);
      return loops.forget(closed);
    }
    if (call.name === 'wrap') return wraps.ended(flight, outcome);
    if (outcome.kind === 'error') return;
    const { sets, returns } = calls[call.name];
    if (flight.options.wrapsNext) return;
    if (sets === 'address' && outcome.kind === 'none') relays.bound(socket, outcome.local);
    if (sets === 'backlog') loops.ready(socket, 'accept');
    else if (returns === 'connection' && outcome.kind === 'made') {
      if (!wraps.accepted(flight, outcome.name)) loops.ready(outcome.name, 'receive', looped);
    } else if (sets === 'peer') loops.ready(socket, 'receive');
    // What was bound by the way, as a first sendto does.
    else if (outcome.kind === 'count' && outcome.local) loops.ready(socket, 'receive');
    else if (sets === 'address') {
      const bound = registry.socket(socket);
      if (bound && !shakesHands(bound)) loops.ready(socket, 'receive');
    }
  };

  const flights = createFlights({
    driver: () => driver,
    registry,
    inbox,
    clock,
    now,
    table,
    policy: program => programs[program].policy,
    full: flusher.full,
    afterEnd,
  });

  const faulty = createFaultyCalls({
    perform: flights.perform,
    numbered: flights.numbered,
    cancel: flights.cancel,
    socket: registry.socket,
    policy: program => programs[program].policy,
    entry: inbox.entry,
    after: clock.after,
    now,
    askAgain: socket => loops.askAgain(socket),
  });

  const loops = createBehaviourEngine({
    perform: faulty.perform,
    cancel: faulty.cancel,
    comes: call => {
      if (options.recycle) lent.lend(call);
    },
    on: (program, loop) => !disposed && programs[program].loops[loop],
    policy: program => programs[program].policy,
    rules: socket => rules.of(socket),
    target: listener => relays.target(listener),
    local: listener => relays.local(listener),
    repeat: socket => repeats.of(socket),
    repeated: (socket, how) => repeats.over(socket, how),
    socket: registry.socket,
    after: clock.after,
    now,
  });

  const rules = createRules(registry, inbox.entry, now, socket => loops.ruled(socket));

  const relays = createRelays(inbox.entry, now, listener => loops.relayed(listener));

  const repeats = createRepeats(inbox.entry, now, loops.beginRepeat, loops.endRepeat);

  const wraps = createWraps(registry, loops, flights.perform);
  const perform: Bench['perform'] = (call, asked) => {
    wraps.before(call);
    return flights.perform(call, asked);
  };

  const driver = options.driver(notice => inbox.entry({ kind: 'event', t: now(), ...notice }));
  const watch = options.observer
    ? watchKernel(options.observer, clock, flusher.state, ({ source, samples, readAt, asked }) => {
        const taken = flusher.progress();
        const told = samples.length > 0 || taken.length > 0;
        if (told || asked) {
          inbox.entry({ kind: 'sample', t: now(), source, readAt: readAt - began, sockets: samples, taken });
        }
        return told;
      })
    : undefined;
  if (watch) flusher.subscribe(watch.poke);
  const find: Bench['find'] = (finding, on) => inbox.entry({ kind: 'finding', t: now(), finding, on });
  const closeLooped = (call: Call) => void flights.perform(call, { looped: true });
  if (options.closeEnded) flusher.subscribe(watchEnded(closeLooped));
  if (options.descriptors) flusher.subscribe(watchDescriptors(options.descriptors, find));

  const peers = options.peers
    ? watchPeers(options.peers, self => {
        const { nextId } = flights;
        return createTeller({
          entry: inbox.entry,
          nextId,
          began: clock.origin + began,
          now,
          self,
          aside: true,
        });
      })
    : undefined;
  if (peers) flusher.subscribe(peers.see);

  const { programs: starter } = options;
  const started = starter
    ? createStartedPrograms({
        starter,
        entry: inbox.entry,
        now,
        tellerFor: (names, isStarted) => {
          const { nextId } = flights;
          const about = { names, isStarted, self: starter.self };
          return createTeller({ entry: inbox.entry, nextId, began: clock.origin + began, now, ...about });
        },
      })
    : undefined;

  return {
    kind: 'bench',
    shows: 'programs',
    journal,
    state: flusher.state,
    perform,
    ask: call =>
      new Promise(resolve => {
        const refused = objection(registry, call);
        if (refused) resolve(refused);
        else driver.start({ call, timeout: null, name: () => call.on }, resolve);
      }),
    cancel: flights.cancel,
    setPolicy: (program, policy) => {
      programs[program].policy = policy;
      inbox.entry({ kind: 'policy', t: now(), program, policy });
    },
    setLoop: (program, loop, on) => {
      programs[program].loops[loop] = on;
      inbox.entry({ kind: 'loop', t: now(), program, loop, on });
      loops.switched(program, loop, on);
    },
    addRule: rules.add,
    setRule: rules.set,
    replaceRule: rules.replace,
    moveRule: rules.move,
    setRelay: relays.set,
    setRepeat: repeats.set,
    setFaults: faulty.set,
    note: (level, text) => inbox.entry({ kind: 'note', t: now(), level, text }),
    find,
    record: flusher.record,
    flush: flusher.flush,
    subscribe: flusher.subscribe,
    startProgram: program =>
      started ? started.start(program) : Promise.reject(new Error('this bench starts no programs')),
    seesPrograms: starter?.look != null,
    nextName: registry.nextName,
    began: clock.origin + began,
    start: first.programs.client,
    now,
    dispose: async () => {
      if (started) await started.end();
      disposed = true;
      loops.stop();
      faulty.stop();
      watch?.stop();
      peers?.stop();
      options.observer?.close?.();
      flights.closeAll();
      await driver.dispose();
      flusher.flush();
      flusher.stop();
    },
  };
};
