import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { Subject } from './contract.ts';
import { endpoint, expectFailure, hands, loopback, received, text } from './hands.ts';

export const optionContract = ({ make, family }: Subject): void => {
  const ip = family === 'AF_INET' ? 'IPPROTO_IP' : 'IPPROTO_IPV6';

  const one = async (type: 'SOCK_STREAM' | 'SOCK_DGRAM') => {
    const bench = hands(make);
    const name = await bench.socket(family, type);
    return {
      bench,
      name,
      set: (option: string, value: number | string, level = 'SOL_SOCKET', on = name) =>
        bench.call({ name: 'setsockopt', on, level, option, value }),
      get: (option: string, level = 'SOL_SOCKET', on = name) =>
        bench.call({ name: 'getsockopt', on, level, option }),
    };
  };

  const number = (outcome: Outcome) => (outcome.kind === 'number' ? outcome.number : outcome);

  describe('options', () => {
    test('what a socket is', async () => {
      const stream = await one('SOCK_STREAM');
      expect(number(await stream.get('SO_TYPE'))).toBe(1);
      expect(number(await stream.get('SO_DOMAIN'))).toBe(family === 'AF_INET' ? 2 : 10);
      expect(number(await stream.get('SO_ACCEPTCONN'))).toBe(0);
      const { name } = await stream.bench.listener(family);
      expect(number(await stream.get('SO_ACCEPTCONN', 'SOL_SOCKET', name))).toBe(1);
      const datagram = await one('SOCK_DGRAM');
      expect(number(await datagram.get('SO_TYPE'))).toBe(2);
    });

    test('TCP_NODELAY and SO_KEEPALIVE, before connect and after', async () => {
      const { bench, name, set, get } = await one('SOCK_STREAM');
      expect(number(await get('TCP_NODELAY', 'IPPROTO_TCP'))).toBe(0);
      expect(await set('TCP_NODELAY', 1, 'IPPROTO_TCP')).toEqual({ kind: 'none' });
      const { at } = await bench.listener(family);
      expect((await bench.call({ name: 'connect', on: name, address: at })).kind).toBe('none');
      expect(await set('SO_KEEPALIVE', 1)).toEqual({ kind: 'none' });
      expect(number(await get('TCP_NODELAY', 'IPPROTO_TCP'))).toBe(1);
      expect(number(await get('SO_KEEPALIVE'))).toBe(1);
    });

    test('SO_REUSEADDR can be set before bind', async () => {
      const { bench, name, set, get } = await one('SOCK_STREAM');
      expect(await set('SO_REUSEADDR', 1)).toEqual({ kind: 'none' });
      await bench.call({ name: 'bind', on: name, address: inet(loopback[family], 0) });
      expect(number(await get('SO_REUSEADDR'))).toBe(1);
    });

    test('two datagram sockets share a port where both said SO_REUSEADDR', async () => {
      const { bench, name, set } = await one('SOCK_DGRAM');
      const other = await bench.socket(family, 'SOCK_DGRAM');
      await set('SO_REUSEADDR', 1);
      await set('SO_REUSEADDR', 1, 'SOL_SOCKET', other);
      const bound = await bench.call({
        name: 'bind',
        on: name,
        address: inet(loopback[family], 0),
      });
      const second = await bench.call({ name: 'bind', on: other, address: endpoint(bound) });
      expect(endpoint(second)).toEqual(endpoint(bound));
    });

    test('the receive buffer is what Linux makes of it: twice what was asked for', async () => {
      const { bench, name, set, get } = await one('SOCK_DGRAM');
      expect(number(await get('SO_RCVBUF'))).toBeGreaterThan(0);
      expect(await set('SO_RCVBUF', 10_000)).toEqual({ kind: 'none' });
      await bench.call({ name: 'bind', on: name, address: inet(loopback[family], 0) });
      expect(number(await get('SO_RCVBUF'))).toBe(process.platform === 'linux' ? 20_000 : 10_000);
    });

    test('a value that the kernel refuses is EINVAL, bound or not', async () => {
      const { bench, name, set } = await one('SOCK_DGRAM');
      const ttl = family === 'AF_INET' ? 'IP_TTL' : 'IPV6_UNICAST_HOPS';
      expectFailure(await set(ttl, 1000, ip), 'EINVAL', 22, 'OSError');
      expect(await set(ttl, 5, ip)).toEqual({ kind: 'none' });
      await bench.call({ name: 'bind', on: name, address: inet(loopback[family], 0) });
      expectFailure(await set(ttl, 1000, ip), 'EINVAL', 22, 'OSError');
    });

    test('unknown names, wrong levels and read-only options say so', async () => {
      const { set, get } = await one('SOCK_STREAM');
      expect(await set('SO_KEEPALIVE', 1, 'SOL_NONSENSE')).toMatchObject({ kind: 'error', code: 'VALUE' });
      expectFailure(await set('TCP_NODELAY', 1), 'ENOPROTOOPT', 92, 'OSError');
      expect((await set('SO_TYPE', 1)).kind).toBe('error');
      const unknown = await get('SO_NONSENSE');
      expect(unknown).toMatchObject({ kind: 'error' });
      expect(unknown.kind === 'error' && unknown.detail).toContain('SO_NONSENSE');
    });

    test.runIf(family === 'AF_INET')('broadcast must be allowed first', async () => {
      const { bench, name, set } = await one('SOCK_DGRAM');
      const send = () =>
        bench.call({
          name: 'sendto',
          on: name,
          data: text('x'),
          address: inet('127.255.255.255', 9),
        });
      expectFailure(await send(), 'EACCES', 13, 'PermissionError');
      expect(await set('SO_BROADCAST', 1)).toEqual({ kind: 'none' });
      expect(await send()).toMatchObject({ kind: 'count', count: 1 });
    });

    test.runIf(family === 'AF_INET')('multicast over the loopback interface', async () => {
      const { bench, name, set } = await one('SOCK_DGRAM');
      expect(await set('IP_ADD_MEMBERSHIP', '239.255.1.2@127.0.0.1', ip)).toEqual({ kind: 'none' });
      expectFailure(await set('IP_ADD_MEMBERSHIP', '127.0.0.1', ip), 'EINVAL', 22, 'OSError');
      const bound = await bench.call({ name: 'bind', on: name, address: inet('', 0) });
      const sender = await bench.socket(family, 'SOCK_DGRAM');
      expect(await set('IP_MULTICAST_IF', '127.0.0.1', ip, sender)).toEqual({ kind: 'none' });
      const address = inet('239.255.1.2', portAt(endpoint(bound))!);
      await bench.call({ name: 'sendto', on: sender, data: text('to all'), address });
      expect(received(await bench.call({ name: 'recv', on: name, size: 99 }))).toBe('to all');
      expect(await set('IP_DROP_MEMBERSHIP', '239.255.1.2@127.0.0.1', ip)).toEqual({ kind: 'none' });
    });

    test.runIf(family === 'AF_INET6' && process.platform === 'linux')(
      'an interface of IPv6 by its name, or as a scope: the kernel lists who joined on it',
      async () => {
        const { bench, name, set } = await one('SOCK_DGRAM');
        await bench.call({ name: 'bind', on: name, address: inet('', 0) });
        const group = `ff12::${process.pid % 10_000}:${family.length}`;
        const joined = () => {
          const [, pid] = group.split('::');
          const tail = pid!
            .split(':')
            .map(part => part.padStart(4, '0'))
            .join('');
          return new RegExp(`\\slo\\s+ff12\\w*${tail}`).test(readFileSync('/proc/net/igmp6', 'utf8'));
        };
        for (const at of ['lo', '::%lo']) {
          expect(await set('IPV6_MULTICAST_IF', at, ip)).toEqual({ kind: 'none' });
          expect(await set('IPV6_JOIN_GROUP', `${group}@${at}`, ip)).toEqual({ kind: 'none' });
          expect(joined()).toBe(true);
          expectFailure(await set('IPV6_JOIN_GROUP', `${group}@lo`, ip), 'EADDRINUSE', 98, 'OSError');
          expect(await set('IPV6_LEAVE_GROUP', `${group}@${at}`, ip)).toEqual({ kind: 'none' });
        }
      },
    );

    test.runIf(family === 'AF_INET6')('an interface that is not there is ENODEV', async () => {
      const { bench, name, set } = await one('SOCK_DGRAM');
      for (const before of [true, false]) {
        for (const at of ['no-such-if0', '::%no-such-if0', '../net/lo']) {
          expectFailure(await set('IPV6_MULTICAST_IF', at, ip), 'ENODEV', 19, 'OSError');
          expectFailure(await set('IPV6_JOIN_GROUP', `ff12::1@${at}`, ip), 'ENODEV', 19, 'OSError');
        }
        expectFailure(await set('IPV6_MULTICAST_IF', 2 ** 32, ip), 'TYPE', null, 'TypeError');
        if (before) await bench.call({ name: 'bind', on: name, address: inet('', 0) });
      }
      // The zone of an address is looked up before the kernel hears of it.
      const address = inet('fe80::1%no-such-if0', 9);
      expectFailure(
        await bench.call({ name: 'connect', on: name, address }),
        'EAI_NONAME',
        -2,
        'socket.gaierror',
      );
    });

    test.runIf(family === 'AF_INET6')('IPV6_V6ONLY decides whether :: takes IPv4 too', async () => {
      for (const only of [0, 1]) {
        const { bench, name, set, get } = await one('SOCK_STREAM');
        expect(await set('IPV6_V6ONLY', only, 'IPPROTO_IPV6')).toEqual({ kind: 'none' });
        const bound = await bench.call({ name: 'bind', on: name, address: inet('', 0) });
        await bench.call({ name: 'listen', on: name, backlog: 1 });
        expect(number(await get('IPV6_V6ONLY', 'IPPROTO_IPV6'))).toBe(only);
        const client = await bench.socket('AF_INET');
        const address = inet('127.0.0.1', portAt(endpoint(bound))!);
        const connected = await bench.call({ name: 'connect', on: client, address });
        expect(connected.kind).toBe(only ? 'error' : 'none');
      }
    });
  });
};
