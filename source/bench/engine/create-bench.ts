import type { Call, CallOf } from '../../core/calls/call.ts';
import type { Driver } from '../../core/calls/driver.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { perProgram } from '../../core/model/actors.ts';
import { createJournal, defaultCaps, type LiveJournal } from '../../core/model/journal.ts';
import { initialState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';
import type { Bench } from './bench.ts';
import { BenchBehaviours, settingsOf } from './bench-behaviours.ts';
import type { BenchOptions } from './bench-options.ts';
import { createWatches } from './bench-watches.ts';
import { systemClock } from './clock.ts';
import { FlightList } from './flight-list.ts';
import { createFlights } from './flights.ts';
import { createFlusher } from './flusher.ts';
import { createLent, type Lent } from './lent.ts';
import { objection } from './own-answers.ts';
import { createRegistry, type Registry } from './registry.ts';

/** What it lets go of goes to the spool; then its memory, where nobody else has it, goes back to the driver. */
const journalOf = (options: BenchOptions, lent: Lent, driver: () => Driver): LiveJournal => {
  const { spool, recycle } = options;
  const free = (data: Uint8Array) => driver().release?.(data);
  return createJournal(options.caps ?? defaultCaps, (entry, received, sent) => {
    // No call does both.
    const data = received.length > 0 ? received : sent;
    const isFree = recycle === true && data.length > 0 && lent.isFree(data, data === sent);
    if (spool) spool.keep(entry(), received, sent, isFree ? free : undefined);
    else if (isFree) free(data);
  });
};

const ask = (registry: Registry, driver: Driver, call: CallOf<'getsockopt'>): Promise<Outcome> =>
  new Promise(resolve => {
    const refused = objection(registry, call);
    if (refused) resolve(refused);
    else driver.start({ call, timeout: null, name: () => call.on }, resolve);
  });

/** Wires threads, loops, the driver and the journal into a running workbench. */
export const createBench = (options: BenchOptions): Bench => {
  const clock = options.clock ?? systemClock;
  const began = clock.now();
  const now = () => clock.now() - began;
  const lent = createLent();
  const journal = journalOf(options, lent, () => driver);
  const registry = createRegistry();
  const table = new FlightList();
  const first = initialState(options.policy, options.loops);
  const programs = perProgram(program => settingsOf(first.programs[program]));
  const flusher = createFlusher({ journal, clock, now, first, flights: table });
  const { inbox, record, state, flush, subscribe } = flusher;
  if (options.spool) record(options.spool);
  const parts = { registry, inbox, clock, now };
  const flights = createFlights({
    ...parts,
    driver: () => driver,
    table,
    policy: program => programs[program].policy,
    full: flusher.full,
    afterEnd: (flight, outcome, closed) => behaviours.afterEnd(flight, outcome, closed),
  });
  const comes = (call: Call) => {
    if (options.recycle) lent.lend(call);
  };
  const behaviours = new BenchBehaviours({ ...parts, flights, programs, comes });
  const driver = options.driver(notice => inbox.entry({ kind: 'event', t: now(), ...notice }));
  const find: Bench['find'] = (finding, on) => inbox.entry({ kind: 'finding', t: now(), finding, on });
  const watches = createWatches(options, { flusher, flights, clock, began, now, find });
  const { started } = watches;
  const acts = {
    ...behaviours.acts(),
    ask: (call: CallOf<'getsockopt'>) => ask(registry, driver, call),
    cancel: flights.cancel,
    note: (level: 'info' | 'warning', text: string) => inbox.entry({ kind: 'note', t: now(), level, text }),
  };
  return {
    kind: 'bench',
    shows: 'programs',
    journal,
    state,
    find,
    record,
    flush,
    subscribe,
    now,
    began: clock.origin + began,
    start: first.programs.client,
    ...acts,
    startProgram: program =>
      started ? started.start(program) : Promise.reject(new Error(t('this bench starts no programs'))),
    seesPrograms: options.programs?.look != null,
    nextName: registry.nextName,
    dispose: async () => {
      if (started) await started.end();
      behaviours.stop();
      watches.stop();
      flights.closeAll();
      await driver.dispose();
      flusher.flush();
      flusher.stop();
    },
  };
};
