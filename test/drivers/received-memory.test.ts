import { expect, onTestFinished, test } from 'vitest';
import { passedOnSize } from '../../source/bench/behaviours/receiving.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { ReceiveMemory } from '../../source/drivers/sockets/receive-memory.ts';

/** As large as datagrams get that are copied to where received bytes land, so that few of them fill it. */
const size = 4096;

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
  const recv = async (flags: 'MSG_PEEK'[] = []): Promise<Uint8Array> => {
    const outcome = await call({ name: 'recv', on: 'u1', size, flags });
    if (outcome.kind !== 'data') throw new Error(JSON.stringify(outcome));
    return outcome.data;
  };
  const send = (byte: number) =>
    call({
      name: 'sendto',
      on: 'u2',
      address,
      data: { kind: 'literal', notation: 'hex', data: new Uint8Array(size).fill(byte) },
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
