import { describe, expect, it } from 'vitest';
import { type Endpoint, inet } from '../../source/core/addresses/endpoint.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { byDriver, byPython, type Step } from './agreement.ts';
import { endpoint, expectFailure, type Hands, hands, loopback, received, text, turns } from './hands.ts';
import { available, reason } from './native.ts';
import { observer, sampled } from './observing.ts';
import { roomForTimeWait } from './time-wait.ts';

const make = () => hands(options => createNodeDriver(options));

const set = ({ call }: Hands, on: string, option: string, value: number | string) =>
  call({ name: 'setsockopt', on, level: 'SOL_SOCKET', option, value });

const get = ({ call }: Hands, on: string, option: string, level = 'SOL_SOCKET') =>
  call({ name: 'getsockopt', on, level, option });

/** A listener that sets SO_REUSEADDR or leaves it alone, and its address. */
const listenerWith = async (driver: Hands, reuse: 0 | 1, at: Endpoint, backlog = 1) => {
  const name = await driver.socket('AF_INET');
  if (reuse === 1) expect(await set(driver, name, 'SO_REUSEADDR', 1)).toEqual({ kind: 'none' });
  const bound = await driver.call({ name: 'bind', on: name, address: at });
  if (bound.kind === 'error') return { name, bound };
  expect(await driver.call({ name: 'listen', on: name, backlog })).toMatchObject({ kind: 'none' });
  return { name, bound };
};

/** The address of a listener that is closed, whose one connection is in TIME-WAIT on its side. */
const inTimeWait = async (driver: Hands, reuse: 0 | 1): Promise<Endpoint> => {
  const { name, bound } = await listenerWith(driver, reuse, inet('127.0.0.1', 0));
  const at = endpoint(bound);
  const client = await driver.socket('AF_INET');
  await driver.call({ name: 'connect', on: client, address: at });
  const accepted = await driver.call({ name: 'accept', on: name });
  if (accepted.kind !== 'made') throw new Error(JSON.stringify(accepted));
  await driver.call({ name: 'close', on: accepted.name });
  expect(received(await driver.call({ name: 'recv', on: client, size: 1 }))).toBe('');
  await driver.call({ name: 'close', on: client });
  await driver.call({ name: 'close', on: name });
  return at;
};

describe.skipIf(!available)(`options that Node lacks, on the driver's sockets${reason}`, () => {
  it('SO_REUSEADDR decides whether a port in TIME-WAIT can be bound again', async () => {
    await roomForTimeWait();
    const driver = make();
    const withIt = await inTimeWait(driver, 1);
    const refused = (await listenerWith(driver, 0, withIt)).bound;
    expectFailure(refused, 'EADDRINUSE', 98, 'OSError');
    // TCP_TIMEWAIT_LEN is 60 s (net/tcp.h of the kernel).
    expect(refused).toMatchObject({ timeWait: expect.any(Number) });
    expect((refused as { timeWait: number }).timeWait).toBeGreaterThan(0);
    expect((refused as { timeWait: number }).timeWait).toBeLessThanOrEqual(60_000);
    expect((await listenerWith(driver, 1, withIt)).bound).toMatchObject({ kind: 'none' });
    const withoutIt = await inTimeWait(driver, 0);
    expectFailure((await listenerWith(driver, 1, withoutIt)).bound, 'EADDRINUSE', 98, 'OSError');
  });

  it.each(['AF_INET', 'AF_INET6'] as const)('SO_REUSEADDR is off where nobody set it (%s)', async family => {
    const driver = make();
    const { client, server, listener } = await driver.connected(family);
    const { name: bound } = await driver.datagram(family);
    const unbound = await driver.socket(family);
    expect(await driver.call({ name: 'listen', on: unbound, backlog: 1 })).toMatchObject({ kind: 'none' });
    const fresh = [await driver.socket(family), await driver.socket(family, 'SOCK_DGRAM')];
    for (const name of [client, server, listener, bound, unbound, ...fresh])
      expect(await get(driver, name, 'SO_REUSEADDR')).toEqual({ kind: 'number', number: 0 });
  });

  it('is inherited from the listener that set it', async () => {
    const driver = make();
    const { name, bound } = await listenerWith(driver, 1, inet('127.0.0.1', 0));
    const client = await driver.socket('AF_INET');
    await driver.call({ name: 'connect', on: client, address: endpoint(bound) });
    const accepted = await driver.call({ name: 'accept', on: name });
    if (accepted.kind !== 'made') throw new Error(JSON.stringify(accepted));
    expect(await get(driver, accepted.name, 'SO_REUSEADDR')).toEqual({ kind: 'number', number: 1 });
    expect(await get(driver, client, 'SO_REUSEADDR')).toEqual({ kind: 'number', number: 0 });
  });

  it('accept tells the address of a client that has reset the connection since, as CPython does', async () => {
    const driver = make();
    const { name, at } = await driver.listener('AF_INET');
    const client = await driver.socket('AF_INET');
    const local = endpoint(await driver.call({ name: 'connect', on: client, address: at }));
    await driver.call({ name: 'reset', on: client });
    const accepted = await driver.call({ name: 'accept', on: name });
    expect(accepted).toMatchObject({ kind: 'made', local: at, peer: local });
    if (accepted.kind !== 'made') throw new Error();
    expectFailure(await driver.call({ name: 'getpeername', on: accepted.name }), 'ENOTCONN', 107, 'OSError');
  });

  it('a listener without SO_REUSEADDR accepts only while accept runs, and reads it as 0', async () => {
    const driver = make();
    const { name, bound } = await listenerWith(driver, 0, inet('127.0.0.1', 0));
    expect(await get(driver, name, 'SO_REUSEADDR')).toEqual({ kind: 'number', number: 0 });
    const clients = await Promise.all([driver.socket('AF_INET'), driver.socket('AF_INET')]);
    for (const on of clients) {
      expect(await driver.call({ name: 'connect', on, address: endpoint(bound) })).toMatchObject({
        kind: 'none',
      });
    }
    const third = await driver.socket('AF_INET');
    const blocked = driver.start({ name: 'connect', on: third, address: endpoint(bound) });
    await turns();
    expect(blocked.ended()).toBe(false);
    const at = endpoint(bound);
    const queue = {
      name,
      type: 'SOCK_STREAM',
      family: 'AF_INET',
      local: at,
      peer: null,
      listening: true,
    } as const;
    expect(await sampled(observer(), [queue])).toMatchObject({ [name]: { state: 'LISTEN', rcvQ: 2 } });
    for (let i = 0; i < 2; i++) {
      expect(await driver.call({ name: 'accept', on: name })).toMatchObject({ kind: 'made' });
    }
    blocked.stop('cancelled');
  });

  it.each(['AF_INET', 'AF_INET6'] as const)(
    'buffers set before connect and listen are there afterwards (%s)',
    async family => {
      const driver = make();
      const server = await driver.socket(family);
      expect(await set(driver, server, 'SO_RCVBUF', 20_000)).toEqual({ kind: 'none' });
      expect(await get(driver, server, 'SO_RCVBUF')).toEqual({ kind: 'number', number: 40_000 });
      const bound = await driver.call({
        name: 'bind',
        on: server,
        address: inet(loopback[family], 0),
      });
      await driver.call({ name: 'listen', on: server, backlog: 1 });
      const client = await driver.socket(family);
      expect(await set(driver, client, 'SO_SNDBUF', 30_000)).toEqual({ kind: 'none' });
      expect(await driver.call({ name: 'connect', on: client, address: endpoint(bound) })).toMatchObject({
        kind: 'none',
      });
      expect(await get(driver, client, 'SO_SNDBUF')).toEqual({ kind: 'number', number: 60_000 });
      const accepted = await driver.call({ name: 'accept', on: server });
      if (accepted.kind !== 'made') throw new Error(JSON.stringify(accepted));
      // Inherited from the listener, as socket(7) has it.
      expect(await get(driver, accepted.name, 'SO_RCVBUF')).toEqual({ kind: 'number', number: 40_000 });
      await driver.call({ name: 'send', on: client, data: text('hi') });
      expect(received(await driver.call({ name: 'recv', on: accepted.name, size: 9 }))).toBe('hi');
    },
  );

  it('SO_LINGER 0 makes close a reset', async () => {
    const driver = make();
    const { client, server } = await driver.connected('AF_INET');
    expect(await get(driver, client, 'SO_LINGER')).toEqual({ kind: 'text', text: 'off' });
    expect(await set(driver, client, 'SO_LINGER', 0)).toEqual({ kind: 'none' });
    const receiving = driver.call({ name: 'recv', on: server, size: 1 });
    await driver.call({ name: 'close', on: client });
    expectFailure(await receiving, 'ECONNRESET', 104, 'ConnectionResetError');
  });

  it('MSG_PEEK leaves the bytes in the kernel', async () => {
    const driver = make();
    const { client, server, at } = await driver.connected('AF_INET');
    const peek = (size: number) => driver.call({ name: 'recv', on: server, size, flags: ['MSG_PEEK'] });
    const blocked = peek(3);
    await driver.call({ name: 'send', on: client, data: text('hello') });
    expect(received(await blocked)).toBe('hel');
    expect(received(await peek(9))).toBe('hello');
    const peer = endpoint(await driver.call({ name: 'getsockname', on: client }));
    const seen = {
      name: server,
      type: 'SOCK_STREAM',
      family: 'AF_INET',
      local: at,
      peer,
      listening: false,
    } as const;
    expect(await sampled(observer(), [seen])).toMatchObject({ [server]: { rcvQ: 5 } });
    expect(received(await driver.call({ name: 'recv', on: server, size: 9 }))).toBe('hello');
    await driver.call({ name: 'close', on: client });
    expect(received(await peek(9))).toBe('');
  });

  it('TCP_INFO and what Node has set are read from the kernel', async () => {
    const driver = make();
    const { client } = await driver.connected('AF_INET');
    expect(await get(driver, client, 'TCP_INFO', 'IPPROTO_TCP')).toMatchObject({ kind: 'text' });
    await driver.call({
      name: 'setsockopt',
      on: client,
      level: 'IPPROTO_TCP',
      option: 'TCP_NODELAY',
      value: 1,
    });
    expect(await get(driver, client, 'TCP_NODELAY', 'IPPROTO_TCP')).toEqual({ kind: 'number', number: 1 });
  });

  it('on a datagram socket too, before bind and after', async () => {
    const driver = make();
    const name = await driver.socket('AF_INET', 'SOCK_DGRAM');
    expect(await set(driver, name, 'SO_PRIORITY', 3)).toEqual({ kind: 'none' });
    expect(await get(driver, name, 'SO_PRIORITY')).toEqual({ kind: 'number', number: 3 });
    await driver.call({ name: 'bind', on: name, address: inet('127.0.0.1', 0) });
    expect(await get(driver, name, 'SO_PRIORITY')).toEqual({ kind: 'number', number: 3 });
    expect(await set(driver, name, 'SO_PRIORITY', 4)).toEqual({ kind: 'none' });
    expect(await get(driver, name, 'SO_PRIORITY')).toEqual({ kind: 'number', number: 4 });
  });

  it('an interface of IPv6 may be its index; that of no interface is ENODEV', async () => {
    const driver = make();
    const name = await driver.socket('AF_INET6', 'SOCK_DGRAM');
    const put = (option: string, value: number | string) =>
      driver.call({ name: 'setsockopt', on: name, level: 'IPPROTO_IPV6', option, value });
    expect(await put('IPV6_MULTICAST_IF', 1)).toEqual({ kind: 'none' });
    expect(await put('IPV6_JOIN_GROUP', 'ff12::5:6@1')).toEqual({ kind: 'none' });
    for (const at of [2 ** 31 - 1, '4294967297', '-1']) {
      expectFailure(await put('IPV6_MULTICAST_IF', at), 'ENODEV', 19, 'OSError');
      expectFailure(await put('IPV6_JOIN_GROUP', `ff12::5:6@${at}`), 'ENODEV', 19, 'OSError');
    }
  });

  it.each(['AF_INET', 'AF_INET6'] as const)(
    'a connected datagram socket sends past its peer, as CPython does (%s)',
    async family => {
      const here = loopback[family];
      const steps: Step[] = [
        ...['u1', 'u2', 'u3'].flatMap((name): Step[] => [
          ['socket', name, family, 'SOCK_DGRAM'],
          ['bind', name, here, 0],
          ['settimeout', name, 60],
        ]),
        ['connect', 'u2', '@u1'],
        ['sendto', 'u2', 'past the peer', '@u3'],
        ['recvfrom', 'u3', 99],
        ['sendto', 'u2', '', '@u3'],
        ['recvfrom', 'u3', 99],
        ['send', 'u2', 'to the peer'],
        ['recvfrom', 'u1', 99],
        ['getpeername', 'u2'],
        ['sendto', 'u3', 'a stranger', '@u2'],
        ['settimeout', 'u2', 0],
        ['recvfrom', 'u2', 99],
        ['sendto', 'u2', 'x', here, 0],
        ['sendto', 'u2', 'x'.repeat(65_600), '@u3'],
        ['shutdown', 'u2', 'SHUT_WR'],
        ['sendto', 'u2', 'x', '@u3'],
      ];
      const [told, expected] = await Promise.all([byDriver(make(), steps), byPython(steps)]);
      expect(told).toEqual(expected);
      expect(told[10]).toEqual({ value: 13 });
    },
  );

  it('a refusal and an unknown name are errors, and nothing is kept of them', async () => {
    const driver = make();
    const name = await driver.socket('AF_INET');
    expectFailure(await get(driver, name, 'SO_NOTHING'), 'UNSUPPORTED', null, '');
    const wrong = await driver.call({
      name: 'setsockopt',
      on: name,
      level: 'IPPROTO_TCP',
      option: 'TCP_MAXSEG',
      value: 1,
    });
    expectFailure(wrong, 'EINVAL', 22, 'OSError');
    expect(await driver.call({ name: 'bind', on: name, address: inet('127.0.0.1', 0) })).toMatchObject({
      kind: 'none',
    });
  });
});
