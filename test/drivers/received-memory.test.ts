import { expect, onTestFinished, test } from 'vitest';
import { passedOnSize } from '../../source/bench/behaviours/receiving.ts';
import { inet, unix } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { Family } from '../../source/core/model/names.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { ReceiveMemory } from '../../source/drivers/sockets/receive-memory.ts';
import { chanceOf } from '../support/chance.ts';
import { seedOf } from '../support/sizes.ts';
import { available } from './native.ts';

/** So large that few datagrams fill what received bytes land in. */
const size = 4096;

/** As large as UDP over IPv4 has them: 65,535 bytes less two headers (RFC 768, RFC 791). */
const largest = 65_507;

const receiver = async (family: Family = 'AF_INET') => {
  const driver = createNodeDriver({ notice: () => {} });
  onTestFinished(() => driver.dispose());
  const call = (made: Call): Promise<Outcome> =>
    new Promise(resolve => driver.start({ call: made, timeout: null, name: () => made.as ?? '' }, resolve));
  for (const as of ['u1', 'u2']) await call({ name: 'socket', on: '', as, family, type: 'SOCK_DGRAM' });
  // An abstract name is nobody's file (unix(7)).
  const at = family === 'AF_UNIX' ? unix(`\0sockbench-received-${process.pid}`) : inet('127.0.0.1', 0);
  const bound = await call({ name: 'bind', on: 'u1', address: at });
  if (bound.kind !== 'none' || !bound.local) throw new Error(JSON.stringify(bound));
  const address = bound.local;
  const received = async (most: number, flags: 'MSG_PEEK'[] = []) => {
    const outcome = await call({ name: 'recv', on: 'u1', size: most, flags });
    if (outcome.kind !== 'data') throw new Error(JSON.stringify(outcome));
    return outcome;
  };
  const recv = async (flags: 'MSG_PEEK'[] = [], most = size) => (await received(most, flags)).data;
  const send = (byte: number, length = size) =>
    call({
      name: 'sendto',
      on: 'u2',
      address,
      data: { kind: 'literal', notation: 'hex', data: new Uint8Array(length).fill(byte) },
    });
  return { call, received, recv, send, release: driver.release! };
};

test('memory of a datagram that was peeked at and then received is given back once', async () => {
  const { recv, send, release } = await receiver();
  await send(1);
  const twice = [await recv(['MSG_PEEK']), await recv()];
  await send(2);
  const kept = await recv();
  for (const data of twice) release(data);
  // More than lands in one piece of memory (1 MiB), four times over.
  for (let i = 0; i < 1100; i++) {
    await send(3);
    release(await recv());
  }
  expect(new Set(kept)).toEqual(new Set([2]));
});

test('datagrams of all sizes, some kept and some given back: what is kept stays as it came', async () => {
  const { recv, send, release } = await receiver();
  const seed = seedOf();
  const chance = chanceOf(seed);
  const kept: { data: Uint8Array; byte: number }[] = [];
  const giveBack = (count: number) => {
    for (const { data, byte } of kept.splice(0, count)) {
      if (data.some(one => one !== byte)) throw new Error(`SEED=${seed}: written again while it was owned`);
      release(data);
    }
  };
  for (let i = 0; i < 400; i++) {
    const byte = i % 256;
    const length = chance.one([chance.below(100), chance.below(5_000), chance.below(largest + 1), largest]);
    const most = chance.below(4) === 0 ? 1 + chance.below(largest) : largest;
    await send(byte, length);
    const data = await recv([], most);
    expect(data, `SEED=${seed}`).toHaveLength(Math.min(length, most));
    kept.push({ data, byte });
    if (chance.below(10) === 0) giveBack(chance.below(30));
  }
  giveBack(kept.length);
});

test.runIf(available)('a datagram of a Unix socket may be larger than any of UDP', async () => {
  const { call, received, send } = await receiver('AF_UNIX');
  const most = 1 << 20;
  // Less than what a send buffer has at first (socket(7), wmem_default).
  expect(await send(1, 200_000)).toMatchObject({ kind: 'count', count: 200_000 });
  const whole = await received(most);
  expect(whole.data).toHaveLength(200_000);
  expect(whole.lost).toBe(undefined);
  const sized = await call({
    name: 'setsockopt',
    on: 'u2',
    level: 'SOL_SOCKET',
    option: 'SO_SNDBUF',
    value: 200_000,
  });
  expect(sized.kind).toBe('none');
  // The kernel doubles it (socket(7)).
  expect(await send(2, 300_000)).toMatchObject({ kind: 'count', count: 300_000 });
  const { data, lost } = await received(most);
  expect(data.length + (lost ?? 0)).toBe(300_000);
  expect(data.every(byte => byte === 2)).toBe(true);
});

test('a stream whose bytes are given back as they come is received into one and the same memory', () => {
  const memory = new ReceiveMemory();
  const places = new Set<string>();
  const buffers = new Set<ArrayBufferLike>();
  for (let i = 0; i < 100; i++) {
    const { offset, length } = memory.room(passedOnSize);
    places.add(`${offset} ${length}`);
    const kept = memory.keep(i % 3 === 0 ? 1000 : length);
    buffers.add(kept.buffer);
    memory.release(kept);
  }
  expect([...places]).toEqual([`0 ${passedOnSize}`]);
  expect(buffers.size).toBe(1);
});

test('of what is still owned nothing is written again', () => {
  const memory = new ReceiveMemory();
  const owned = new Map<Uint8Array, number>();
  for (let i = 0; i < 200; i++) {
    const { slab, offset, length } = memory.room(passedOnSize);
    slab.fill(i, offset, offset + length);
    const kept = memory.keep(length >> (i % 4));
    if (i % 5 === 0) owned.set(kept, i);
    else memory.release(kept);
  }
  for (const [kept, i] of owned) expect([kept[0], kept.at(-1)]).toEqual([i, i]);
});
