import { describe, expect, it, onTestFinished } from 'vitest';
import { watchEnded } from '../source/bench/engine/close-ended.ts';
import { createBench } from '../source/bench/engine/create-bench.ts';
import { createTimelineIndex } from '../source/bench/view/timeline-index.ts';
import { inet } from '../source/core/addresses/endpoint.ts';
import type { Attempt, Driver } from '../source/core/calls/driver.ts';
import { type Outcome, ok } from '../source/core/calls/outcome.ts';
import { newSocket } from '../source/core/fold/fold-sockets.ts';
import { type BenchState, initialState } from '../source/core/model/state.ts';
import { createNodeDriver } from '../source/drivers/node/node-driver.ts';
import { entriesHeld } from './support/entries-held.ts';
import { callOf } from './support/playing.ts';
import { createSimulatedClock } from './support/simulated-clock.ts';

/** What a call comes to where all goes well and nobody sends; undefined: it is in flight. */
const outcomeOf = ({ call, name }: Attempt): Outcome | undefined => {
  switch (call.name) {
    case 'socket':
    case 'makefile':
      return { kind: 'made', name: name() };
    case 'write':
      return { kind: 'count', count: 1 };
    case 'connect':
    case 'recv':
      return undefined;
    default:
      return ok;
  }
};

/** A bench whose driver ends calls at once, but for connects: `connected` ends those. */
const benchOf = (entries = 1_000) => {
  const clock = createSimulatedClock();
  const connects: (() => void)[] = [];
  let port = 0;
  const end = (report: (outcome: Outcome) => void) =>
    report({ kind: 'none', local: inet('127.0.0.1', ++port), peer: inet('127.0.0.2', 9000) });
  const driver: Driver = {
    start: (attempt, report) => {
      const outcome = outcomeOf(attempt);
      if (outcome) report(outcome);
      else if (attempt.call.name === 'connect') connects.push(() => end(report));
      return outcome ? null : { stop: () => 0, taken: () => 0 };
    },
    dispose: async () => {},
  };
  const bench = createBench({ driver: () => driver, clock, caps: { entries, bytes: 100_000 } });
  onTestFinished(() => bench.dispose());
  return {
    bench,
    play: (line: string) => void bench.perform(callOf(line)),
    connected: () => {
      for (const each of connects.splice(0)) each();
    },
  };
};

/** A socket and a file object, with settings of their own and a call inside when they are closed. */
const live = ({ bench, play, connected }: ReturnType<typeof benchOf>, n: number): void => {
  const [socket, file] = [`c${n}`, `f${n}`];
  play(`${socket} = socket`);
  bench.addRule(socket, { on: { kind: 'accept' }, acts: [{ kind: 'echo' }], after: 0 });
  bench.setFaults(socket, { delay: 5 });
  play(`${socket}.connect 127.0.0.2:9000`);
  play(`${file} = ${socket}.makefile rwb`);
  play(`${file}.write "x"`);
  if (n % 50 === 0) bench.flush();
  play(`${socket}.close`);
  play(`${file}.close`);
  connected();
};

/** Rounds until the 10,000 closed names that a bench remembers are there, and rounds that are counted behind those. */
const [warmUp, more] = [6_000, 1_000];

/** Nothing is held of these rounds: less than an entry for ten of them. */
const expectNothingHeld = (before: number): void => expect(entriesHeld() - before).toBeLessThan(more / 10);

describe('what is over is let go of', () => {
  it('by a bench: sockets and file objects, with what was set for them', () => {
    const one = benchOf();
    for (let n = 1; n <= warmUp; n++) live(one, n);
    one.bench.flush();
    const before = entriesHeld();
    for (let n = warmUp + 1; n <= warmUp + more; n++) live(one, n);
    one.bench.flush();
    expectNothingHeld(before);
    expect(one.bench.state().opened).toBe(warmUp + more);
  });

  it('by what closes ended connections, where the state forgets them before they are seen closed', () => {
    let closes = 0;
    const watch = watchEnded(() => closes++);
    const about = { t: 0, n: 1, actor: 'tcp-server' } as const;
    const withOpen = (from: number): BenchState => ({
      ...initialState(),
      sockets: new Map(
        Array.from({ length: 100 }, (_, index) => `a${from + index}`).map(name => [
          name,
          { ...newSocket(name, 'AF_INET', 'SOCK_STREAM', about), condition: 'RESET' },
        ]),
      ),
    });
    const before = entriesHeld();
    for (let from = 0; from < more; from += 100) {
      watch(withOpen(from));
      watch(initialState());
    }
    expectNothingHeld(before);
    // Used until now: what nobody uses any more would hold nothing.
    watch(initialState());
    expect(closes).toBe(more);
  });

  it('by the timeline: calls that have ended while nobody looked for as long as the journal goes back', () => {
    const heldBy = (looks: boolean): number => {
      const before = entriesHeld();
      // A checkpoint comes with every 10,000th entry.
      const { bench, play, connected } = benchOf(20_000);
      const index = createTimelineIndex(bench.journal);
      const look = () => index.deadlocks(bench.state().entries);
      for (let n = 1; n <= more; n++) {
        play(`c${n} = socket`);
        play(`c${n}.connect 127.0.0.2:9000`);
      }
      bench.flush();
      if (looks) look();
      connected();
      for (let n = 1; n <= more; n++) play(`c${n}.close`);
      for (let n = 0; n < 30_000; n++) bench.note('info', 'nobody looks');
      bench.flush();
      look();
      const held = entriesHeld() - before;
      look();
      return held;
    };
    const [unseen, seen] = [heldBy(false), heldBy(true)];
    expect(seen - unseen).toBeLessThan(more / 10);
  });

  it.each(['close', 'reset'] as const)('by a driver: file objects that are closed, by a %s', async how => {
    const driver = createNodeDriver({ notice: () => {} });
    onTestFinished(() => driver.dispose());
    let names = 0;
    const call = (line: string, letter = 'f') =>
      new Promise<Outcome>(tell => {
        driver.start({ call: callOf(line), timeout: null, name: () => `${letter}${++names}` }, tell);
      });
    const files = async (count: number): Promise<void> => {
      await call('socket', 'c');
      const socket = `c${names}`;
      for (let n = 0; n < count; n++) {
        await call(`${socket}.makefile rwb`);
        if (how === 'close') await call(`f${names}.close`);
      }
      await call(`${socket}.${how}`);
    };
    await files(300);
    const before = entriesHeld();
    await files(more);
    expectNothingHeld(before);
    const detail = 'I/O operation on closed file.';
    expect(await call('f2.close')).toEqual(ok);
    expect(await call('f2.read 1')).toMatchObject({ code: 'VALUE', detail });
    // While it is known it answers as CPython's of its kind does.
    if (how === 'close')
      expect(await call(`f${names}.read 1`)).toMatchObject({ code: 'VALUE', detail: 'read of closed file' });
  });
});
