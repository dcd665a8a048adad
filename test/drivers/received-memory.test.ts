import { expect, onTestFinished, test } from 'vitest';
import { passedOnSize } from '../../source/bench/behaviours/receiving.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { ReceiveMemory } from '../../source/drivers/sockets/receive-memory.ts';
import { chanceOf } from '../support/chance.ts';
import { seedOf } from '../support/sizes.ts';

/** So large that few datagrams fill what received bytes land in. */
const size = 4096;

/** As large as UDP over IPv4 has them: 65,535 bytes less two headers (RFC 768, RFC 791). */
const largest = 65_507;

const receiver = async () => {
  const driver = createNodeDriver({ notice: () => {} });
  onTestFinished(() => driver.dispose());
  const call = (made: Call): Promise<Outcome> =>
    new Promise(resolve => driver.start({ call: made, timeout: null, name: () => made.as ?? '' }, resolve));
  for (const as of ['u1', 'u2'])
    await call({ name: 'socket', on: '', as, family: 'AF_INET', type: 'SOCK_DGRAM' });
  const bound = await call({ name: 'bind', on: 'u1', address: inet('127.0.0.1', 0) });
  if (bound.kind !== 'none' || !bound.local) throw new Error(JSON.stringify(bound));
  const address = bound.local;
  const recv = async (flags: 'MSG_PEEK'[] = [], most = size): Promise<Uint8Array> => {
    const outcome = await call({ name: 'recv', on: 'u1', size: most, flags });
    if (outcome.kind !== 'data') throw new Error(JSON.stringify(outcome));
    return outcome.data;
  };
  const send = (byte: number, length = size) =>
    call({
      name: 'sendto',
      on: 'u2',
      address,
      data: { kind: 'literal', notation: 'hex', data: new Uint8Array(length).fill(byte) },
    });
  return { recv, send, release: driver.release! };
};

test('memory of a datagram that was peeked at and then received is given back once', async () => {
  const { recv, send, release } = await receiver();
  await send(1);
  const twice = [await recv(['MSG_PEEK']), await recv()];
  await send(2);
  const kept = await recv();
  for (const data of twice) release(data);
  // More than lands in one piece of memory (2 MB), twice over.
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
  const kept: { data: Uint8Array; byte: number; length: number }[] = [];
  for (let i = 0; i < 400; i++) {
    const byte = i % 256;
    const length = chance.one([chance.below(100), chance.below(5_000), chance.below(largest + 1), largest]);
    await send(byte, length);
    const data = await recv([], chance.below(4) === 0 ? 1 + chance.below(largest) : largest);
    if (chance.below(3) === 0) release(data);
    else kept.push({ data, byte, length: data.length });
    if (chance.below(10) === 0) for (const { data: old } of kept.splice(0, chance.below(20))) release(old);
  }
  for (const { data, byte, length } of kept) {
    expect(data, `SEED=${seed}`).toHaveLength(length);
    expect(
      data.every(one => one === byte),
      `SEED=${seed}`,
    ).toBe(true);
  }
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
