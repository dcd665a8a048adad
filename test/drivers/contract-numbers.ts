import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { intOptions } from '../../source/drivers/native/option-numbers.ts';
import { sizeOf } from '../support/sizes.ts';
import type { Subject } from './contract.ts';
import { type Hands, hands, loopback, text } from './hands.ts';
import { anyArgument, edges } from './number-samples.ts';

const structures = ['SO_LINGER', 'SO_RCVTIMEO', 'SO_SNDTIMEO', 'TCP_INFO'];
const addresses = [
  'IP_MULTICAST_IF',
  'IP_ADD_MEMBERSHIP',
  'IP_DROP_MEMBERSHIP',
  'IPV6_MULTICAST_IF',
  'IPV6_JOIN_GROUP',
];

const options: readonly (readonly [string, string])[] = [
  ...intOptions,
  ...[...structures, ...addresses, 'toString'].flatMap(option =>
    ['SOL_SOCKET', 'IPPROTO_TCP', 'IPPROTO_IP', 'IPPROTO_IPV6', 'constructor'].map(
      level => [level, option] as const,
    ),
  ),
];

/** Sockets in every state that options and numbers can meet. */
const sockets = async (bench: Hands, family: 'AF_INET' | 'AF_INET6'): Promise<readonly string[]> => {
  const { client, listener } = await bench.connected(family);
  const { name, at } = await bench.datagram(family);
  const peered = await bench.socket(family, 'SOCK_DGRAM');
  await bench.call({ name: 'connect', on: peered, address: at });
  return [
    client,
    listener,
    name,
    peered,
    await bench.socket(family),
    await bench.socket(family, 'SOCK_DGRAM'),
  ];
};

/** Calls with one number in them. Those that could wait are made so that they do not, or are stopped. */
const callsWith = (on: string, value: number, host: string): readonly Call[] => [
  { name: 'listen', on, backlog: value },
  { name: 'recv', on, size: value, flags: ['MSG_DONTWAIT'] },
  { name: 'recvfrom', on, size: value, flags: ['MSG_PEEK', 'MSG_DONTWAIT'] },
  { name: 'settimeout', on, timeout: value },
  { name: 'bind', on, address: inet(host, value) },
  { name: 'connect', on, address: inet(host, value) },
  { name: 'sendto', on, data: text('x'), address: inet(host, value) },
  { name: 'getservbyport', on: '', port: value },
  { name: 'getaddrinfo', on: '', host, port: value },
];

/** No number aborts the program or comes across the driver's edge as an exception: each call has an outcome. */
export const numberContract = ({ make, family }: Subject): void => {
  const numRuns = sizeOf('numbers of each call');

  describe('numbers', () => {
    const safely = async (bench: Hands, call: Call, timeout: number | null = 0) => {
      const flight = bench.start(call, timeout);
      if (!flight.ended()) setTimeout(() => flight.ended() || flight.stop('cancelled'), 1000).unref();
      const outcome = await Promise.race([
        flight.outcome,
        new Promise<null>(resolve => setTimeout(resolve, 500, null).unref()),
      ]);
      if (outcome?.kind !== 'error') return;
      // UNKNOWN is what nobody foresaw: an exception that the driver caught at its edge.
      expect({ call, code: outcome.code }).not.toMatchObject({ code: 'UNKNOWN' });
    };

    test('every option takes or refuses every number', async () => {
      const bench = hands(make);
      const all = await sockets(bench, family);
      const one = async (value: number | string, [level, option]: readonly [string, string], on: string) => {
        await safely(bench, { name: 'setsockopt', on, level, option, value });
        await safely(bench, { name: 'getsockopt', on, level, option });
      };
      // Node's binding asserts what it is given here, on the sockets that have no descriptor for another way too.
      for (const option of ['SO_RCVBUF', 'SO_SNDBUF']) {
        for (const value of edges)
          for (const on of all.slice(2)) await one(value, ['SOL_SOCKET', option], on);
      }
      const any = fc.tuple(anyArgument, fc.constantFrom(...options), fc.constantFrom(...all));
      await fc.assert(
        fc.asyncProperty(any, ([value, option, on]) => one(value, option, on)),
        { numRuns: numRuns * 8 },
      );
    });

    test('every call takes or refuses every number', async () => {
      await fc.assert(
        fc.asyncProperty(anyArgument, fc.nat(5), async (value, index) => {
          const bench = hands(make);
          const on = (await sockets(bench, family))[index]!;
          for (const call of callsWith(on, value as number, loopback[family])) await safely(bench, call);
          await bench.dispose();
        }),
        { numRuns },
      );
    });

    test('every file object takes or refuses every number', async () => {
      await fc.assert(
        fc.asyncProperty(anyArgument, anyArgument, async (buffering, size) => {
          const bench = hands(make);
          const { client, server } = await bench.connected(family);
          await bench.call({ name: 'send', on: server, data: text('some bytes') });
          await bench.call({ name: 'close', on: server });
          const made = { name: 'makefile', on: client, mode: 'rb', buffering: buffering as number } as const;
          const file = await bench.call(made);
          if (file.kind === 'made')
            await safely(bench, { name: 'read', on: file.name, size: size as number }, null);
          else
            expect(file).toMatchObject({
              kind: 'error',
              code: expect.stringMatching(/^(TYPE|OVERFLOW|MEMORY)$/),
            });
          await bench.dispose();
        }),
        { numRuns },
      );
    });
  });
};
