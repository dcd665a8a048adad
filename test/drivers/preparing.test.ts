import { expect, onTestFinished, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';

const data = { kind: 'literal', notation: 'text', data: Buffer.from('x') } as const;
const near = inet('127.0.0.1', 80);

/** In this order: each of them needs something that none before it has needed. */
const firsts: readonly (readonly [string, Call])[] = [
  ['the service by name', { name: 'getservbyname', on: '', service: 'http' }],
  ['the pool of look-ups', { name: 'getaddrinfo', on: '', host: 'localhost', port: 80 }],
  ['koffi and the self-test', { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' }],
];

/** Nothing is left for these once the first of their kind was prepared for. */
const afterwards: readonly Call[] = [
  ...firsts.map(([, call]) => call),
  { name: 'bind', on: 'c1', address: near },
  { name: 'setsockopt', on: 'c1', level: 'SOL_SOCKET', option: 'SO_KEEPALIVE', value: 1 },
  { name: 'connect', on: 'c1', address: inet('localhost', 'http') },
  { name: 'sendto', on: 'c1', data, address: near },
  { name: 'recvfrom', on: 'c1', size: 1, flags: ['MSG_PEEK'] },
  { name: 'getsockopt', on: 'c1', level: 'SOL_SOCKET', option: 'SO_RCVBUF' },
  { name: 'gethostbyaddr', on: '', host: '127.0.0.1' },
];

test("a driver says what is not a call's own before the first of its kind, and only then", async () => {
  const driver = createNodeDriver({ notice: () => {} });
  onTestFinished(() => driver.dispose());
  const prepare = driver.prepare!;
  const whatAll = { name: 'connect', on: 'c1', address: inet('localhost', 'http') } as const;
  expect(prepare({ name: 'getsockname', on: 'c1' })).toBeNull();
  expect(prepare({ name: 'recv', on: 'c1', size: 1 })).toBeNull();
  for (const [what, call] of firsts) {
    const preparation = prepare(call);
    expect(preparation, what).toBeInstanceOf(Promise);
    await preparation;
    expect(prepare(call), what).toBeNull();
  }
  expect(prepare(whatAll)).toBeNull();
  for (const call of afterwards) expect(prepare(call), call.name).toBeNull();
});
