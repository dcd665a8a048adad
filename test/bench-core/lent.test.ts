import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { BenchOptions } from '../../source/bench/engine/bench-options.ts';
import type { Clock } from '../../source/bench/engine/clock.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { byteLength } from '../../source/core/bytes/bytes.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import { failure } from '../../source/core/calls/outcome.ts';
import type { EndedEntry, Entry } from '../../source/core/model/entry.ts';
import type { Sink, Spool } from '../../source/core/model/sink.ts';

const pieceSize = 128 << 10;

/** So much comes from each of so many clients: more than once what an inbox holds before it is emptied at once. */
const clients = 3;
const pieces = 100;

/** Of so many sends one finds no room, and waits. */
const waits = 7;

/**
 * Instead of a kernel: clients whose bytes are there at once, and a target that has no room now and then. What is
 * told of memory that is given back while it is being sent, or twice.
 */
const watchful = () => {
  const wrong: string[] = [];
  const sending = new Set<Uint8Array>();
  const back = new Set<Uint8Array>();
  const left = new Map<string, number>();
  let accepted = 0;
  let given = 0;
  let sent = 0;
  const driver: Driver = {
    start: ({ call, name }, report) => {
      switch (call.name) {
        case 'accept':
          if (accepted++ < clients) report({ kind: 'made', name: name() });
          return null;
        case 'recv': {
          const before = left.get(call.on) ?? (call.on.startsWith('a') ? pieces : 0);
          if (before === 0) return null;
          left.set(call.on, before - 1);
          report({ kind: 'data', data: new Uint8Array(pieceSize) });
          return null;
        }
        case 'sendall': {
          const data = call.data.kind === 'literal' ? call.data.data : new Uint8Array(0);
          if (back.has(data)) wrong.push('sent after it was given back');
          if (++sent % waits !== 0) {
            report({ kind: 'none' });
            return null;
          }
          sending.add(data);
          setImmediate(() => {
            sending.delete(data);
            report({ kind: 'none' });
          });
          return null;
        }
        case 'socket':
          report({ kind: 'made', name: name() });
          return null;
        case 'bind':
        case 'listen':
          report({ kind: 'none', local: inet('127.0.0.1', 9000) });
          return null;
        default:
          report(call.name === 'connect' ? { kind: 'none' } : failure('ENOTCONN'));
          return null;
      }
    },
    release: data => {
      if (sending.has(data)) wrong.push('given back while it is sent');
      if (back.has(data)) wrong.push('given back twice');
      back.add(data);
      given++;
    },
    dispose: async () => {},
  };
  return { driver, wrong, given: () => given };
};

type Watchful = ReturnType<typeof watchful>;

/** A relay of it, which keeps no bytes. */
const relayOf = ({ driver }: Watchful, told: Sink, options: Partial<BenchOptions> = {}): Bench => {
  const bench = createBench({
    driver: () => driver,
    loops: { accept: false, receive: false },
    caps: { entries: 1000, bytes: 0 },
    recycle: true,
    ...options,
  });
  onTestFinished(() => bench.dispose());
  bench.record(told);
  bench.perform({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
  bench.perform({ name: 'bind', on: 's1', address: inet('127.0.0.1', 9000) });
  bench.setRelay('s1', { endpoint: inet('127.0.0.1', 9001), tls: null });
  bench.perform({ name: 'listen', on: 's1', backlog: 5 });
  return bench;
};

const everything = async (bench: Bench, { given }: Watchful): Promise<void> => {
  for (let n = 0; n < 10_000 && given() < clients * pieces; n++) {
    await turn();
    bench.flush();
  }
};

const sumOf = (entries: readonly Entry[], of: (entry: EndedEntry) => number): number =>
  entries.reduce((sum, entry) => sum + (entry.kind === 'ended' ? of(entry) : 0), 0);

const received = ({ outcome }: EndedEntry): number => (outcome.kind === 'data' ? outcome.data.length : 0);
const receivedBefore = ({ outcome }: EndedEntry): number =>
  outcome.kind === 'data' ? (outcome.dropped ?? 0) : 0;
const sent = ({ call }: EndedEntry): number => (call.name === 'sendall' ? byteLength(call.data) : 0);

/** Told of every entry. */
const sink = (entries: Entry[], readsBytes: boolean): Sink => ({
  ...(readsBytes ? {} : { readsBytes: false }),
  // As it is now: the journal takes its bytes away.
  take: come => entries.push(...come.map(entry => ({ ...entry }))),
  hasRoom: () => true,
  onRoom: () => {},
});

const whole = clients * pieces * pieceSize;

test('what a relay has received is given back once, after it was sent, however soon the journal drops it', async () => {
  const world = watchful();
  const entries: Entry[] = [];
  const bench = relayOf(world, sink(entries, true));
  await everything(bench, world);
  expect(world.wrong).toEqual([]);
  expect(world.given()).toBe(clients * pieces);
  expect([sumOf(entries, received), sumOf(entries, receivedBefore)]).toEqual([whole, 0]);
});

test('where nobody looks at bytes it is given back before any flush; entries have how many they were', async () => {
  const world = watchful();
  const entries: Entry[] = [];
  // No flush comes by itself, and so none takes anything away.
  const never: Clock['after'] = () => () => {};
  const clock: Clock = { origin: 0, now: () => 0, after: never, deadline: never };
  const bench = relayOf(world, sink(entries, false), { clock });
  for (let n = 0; n < 10_000 && world.given() < clients * pieces; n++) await turn();
  expect(world.wrong).toEqual([]);
  expect(world.given()).toBe(clients * pieces);
  expect(entries).toEqual([]);
  bench.flush();
  expect([received, receivedBefore, sent].map(of => sumOf(entries, of))).toEqual([0, whole, whole]);
  // A piece is one receive and one send, and nothing else is told of it.
  const ended = entries.filter(entry => entry.kind === 'ended');
  const moves = ['recv', 'sendall'].map(name => ended.filter(({ call }) => call.name === name).length);
  expect(moves).toEqual([clients * pieces, clients * pieces]);
  expect(entries.filter(({ kind }) => kind === 'running').length).toBeLessThan(3 * clients + 2);
  expect(bench.journal.droppedBytes()).toBe(2 * whole);
  expect([...bench.state().sockets.values()].reduce((sum, socket) => sum + socket.received, 0)).toBe(whole);
});

test('a spool writes it from where it is only once it was sent, and it is given back when that is done', async () => {
  const world = watchful();
  const { release } = world.driver;
  const held = new Set<Uint8Array>();
  let [kept, copied] = [0, 0];
  const spool: Spool = {
    ...sink([], false),
    name: 'spool',
    keep: (_, received, sent, free) => {
      const data = received.length > 0 ? received : sent;
      if (data.length === 0) return;
      if (!free) return void copied++;
      kept++;
      held.add(data);
      setImmediate(() => {
        held.delete(data);
        free(data);
      });
    },
  };
  const driver: Driver = {
    ...world.driver,
    release: data => {
      if (held.has(data)) world.wrong.push('given back while it is written');
      release!(data);
    },
  };
  const bench = relayOf({ ...world, driver }, sink([], true), { spool });
  await everything(bench, world);
  expect(world.wrong).toEqual([]);
  expect([world.given(), kept, copied]).toEqual([clients * pieces, clients * pieces, clients * pieces]);
});
