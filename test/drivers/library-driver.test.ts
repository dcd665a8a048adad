import { expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { InetFamily } from '../../source/core/model/names.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { endpoint, hands, loopback, text } from './hands.ts';

/*
 * Without koffi Node's library makes some calls in a way of its own: what it tells the kernel besides is said by the
 * call that does it.
 */

const make = () => hands(options => createNodeDriver(options, 'library'));

const families: readonly InetFamily[] = ['AF_INET', 'AF_INET6'];

const setReuse = (on: string) =>
  ({ name: 'setsockopt', on, level: 'SOL_SOCKET', option: 'SO_REUSEADDR', value: 1 }) as const;

const bindNote: Readonly<Record<InetFamily, string>> = {
  AF_INET: 'SO_REUSEADDR is on: Node sets it',
  AF_INET6: 'SO_REUSEADDR is on, IPV6_V6ONLY is off: Node sets it',
};

test.each(families)('bind, and listen without bind, say which options Node sets (%s)', async family => {
  const driver = make();
  const [bound, unbound, own] = [
    await driver.socket(family),
    await driver.socket(family),
    await driver.socket(family),
  ];
  const address = inet(loopback[family], 0);
  const note = bindNote[family];
  expect(await driver.call({ name: 'bind', on: bound, address })).toMatchObject({ kind: 'none', note });
  expect(await driver.call({ name: 'listen', on: bound, backlog: 1 })).not.toHaveProperty('note');
  expect(await driver.call({ name: 'listen', on: unbound, backlog: 1 })).toMatchObject({ note });
  await driver.call(setReuse(own));
  const set = await driver.call({ name: 'bind', on: own, address });
  if (family === 'AF_INET') expect(set).not.toHaveProperty('note');
  else expect(set).toMatchObject({ note: 'IPV6_V6ONLY is off: Node sets it' });
});

test.each(families)('a datagram socket that is not bound yet says that Node binds it (%s)', async family => {
  const driver = make();
  const { at } = await driver.datagram(family);
  const [connected, sender] = [
    await driver.socket(family, 'SOCK_DGRAM'),
    await driver.socket(family, 'SOCK_DGRAM'),
  ];
  const note = `Node bound it to ${family === 'AF_INET' ? '0.0.0.0:0' : '[::]:0'} first`;
  expect(await driver.call({ name: 'connect', on: connected, address: at })).toMatchObject({ note });
  expect(await driver.call({ name: 'send', on: connected, data: text('x') })).not.toHaveProperty('note');
  const sent = { name: 'sendto', on: sender, data: text('x'), address: at } as const;
  expect(await driver.call(sent)).toMatchObject({ kind: 'count', note });
  expect(await driver.call(sent)).not.toHaveProperty('note');
});

test('a client that was never bound has no SO_REUSEADDR', async () => {
  const driver = make();
  const { at } = await driver.listener('AF_INET');
  const client = await driver.socket('AF_INET');
  endpoint(await driver.call({ name: 'connect', on: client, address: at }));
  const asked = await driver.call({
    name: 'getsockopt',
    on: client,
    level: 'SOL_SOCKET',
    option: 'SO_REUSEADDR',
  });
  expect(asked).toMatchObject({ kind: 'number', number: 0 });
});
