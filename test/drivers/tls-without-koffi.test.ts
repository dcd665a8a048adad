import { expect, test, vi } from 'vitest';
import { hostAt, inet, portAt } from '../../source/core/addresses/endpoint.ts';
import { explain } from '../../source/core/words/errors.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { hands } from './hands.ts';

vi.mock(import('../../source/drivers/native/native-library.ts'), async original => ({
  ...(await original()),
  loadKoffi: () => {
    throw Object.assign(new Error("Cannot find module 'koffi'"), { code: 'MODULE_NOT_FOUND' });
  },
}));

/** TLS is Node's own OpenSSL, which koffi calls: where it is not there, one sentence says so and the connection goes on. */
test('without koffi a wrap says what is missing, and the connection carries on in the clear', async () => {
  const { call, socket, lastName } = hands(options => createNodeDriver(options, 'library'));
  const s1 = await socket('AF_INET');
  await call({ name: 'bind', on: s1, address: inet('127.0.0.1', 0) });
  await call({ name: 'listen', on: s1, backlog: 5 });
  const at = await call({ name: 'getsockname', on: s1 });
  const endpoint = at.kind === 'endpoint' ? at.endpoint : null;
  const c1 = await socket('AF_INET');
  const address = inet(hostAt(endpoint) ?? '', portAt(endpoint) ?? 0);
  await call({ name: 'connect', on: c1, address });
  await call({ name: 'accept', on: s1 });
  const a1 = lastName();
  const wrap = { name: 'wrap', on: c1, side: 'client', settings: { insecure: true } } as const;
  const refused = await call(wrap);
  const why = 'TLS needs the OpenSSL of this Node: the optional package koffi is not installed';
  expect(refused).toEqual({ kind: 'error', code: 'UNSUPPORTED', detail: why });
  if (refused.kind === 'error') expect(explain(refused, wrap).sentence).toContain(why);
  expect(await call({ name: 'wrap', on: s1, side: 'server' })).toMatchObject({ detail: why });
  await call({
    name: 'sendall',
    on: c1,
    data: { kind: 'literal', notation: 'text', data: Buffer.from('hi') },
  });
  expect(await call({ name: 'recv', on: a1, size: 5 })).toMatchObject({ data: Buffer.from('hi') });
});
