import { describe, expect, onTestFinished, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Bytes } from '../../source/core/bytes/bytes.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { peerLanguage, startFastPeer, startPythonPeer } from '../bench/peers/peers.ts';
import { sizeOf } from '../support/sizes.ts';
import { hands } from './hands.ts';

/*
 * Sends into a peer that reads as fast as it can and checks every byte. Whether the kernel makes room between two
 * system calls of one send is luck: the full size gives it the occasion.
 */

const runs = sizeOf('sendall at full speed');
const size = sizeOf('MiB at full speed') << 20;

/** The numbers 0 to 524287, 8 bytes each, as tcp-sink checks them. */
const numbers = Buffer.from(BigUint64Array.from({ length: 1 << 19 }, (_, at) => BigInt(at)).buffer);

const payloads: Readonly<Record<string, () => Bytes>> = {
  literal: () => ({ kind: 'literal', notation: 'hex', data: Buffer.alloc(size, numbers) }),
  repeated: () => ({ kind: 'repeat', size, unit: numbers }),
};

const sinks = {
  'the fastest': startFastPeer,
  Python: async (...[name, args]: Parameters<typeof startPythonPeer>) => startPythonPeer(name, args),
};

describe.each(Object.keys(sinks) as (keyof typeof sinks)[])('sendall into %s sink', kind => {
  test.each(Object.keys(payloads))(`${runs} times %s`, async payload => {
    if (kind === 'the fastest' && (await peerLanguage()) === 'Python') return;
    const data = payloads[payload]!();
    for (let run = 0; run < runs; run++) {
      const sink = await sinks[kind]('tcp-sink', [131_072, 'check']);
      onTestFinished(() => sink.stop());
      const port = Number((await sink.until(/^listening (\d+)$/m))[1]);
      const bench = hands(createNodeDriver);
      const client = await bench.socket('AF_INET');
      await bench.call({ name: 'connect', on: client, address: inet('127.0.0.1', port) });
      expect(await bench.call({ name: 'sendall', on: client, data })).toEqual({ kind: 'none' });
      await bench.call({ name: 'close', on: client });
      await sink.exited;
      expect(sink.output()).toMatch(new RegExp(`^listening \\d+\nreceived ${size} [\\d.]+\n$`));
      expect(bench.notices).toEqual([]);
    }
  });
});
