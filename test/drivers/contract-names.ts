import { describe, expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Subject } from './contract.ts';
import { expectFailure, hands, loopback } from './hands.ts';

export const nameContract = ({ make, family }: Subject): void => {
  const lookup = (host: string, port: number | string = 0) =>
    hands(make).call({ name: 'getaddrinfo', on: '', host, port, family });

  describe('names', () => {
    test('a literal is its own answer; of the other family it is EAI_ADDRFAMILY', async () => {
      const here = loopback[family];
      const at = inet(here, 80);
      expect(await lookup(here, 80)).toEqual({
        kind: 'endpoints',
        endpoints: [
          { ...at, type: 'SOCK_STREAM', protocol: 6 },
          { ...at, type: 'SOCK_DGRAM', protocol: 17 },
          { ...at, type: 'SOCK_RAW', protocol: 0 },
        ],
      });
      const other = loopback[family === 'AF_INET' ? 'AF_INET6' : 'AF_INET'];
      expectFailure(await lookup(other), 'EAI_ADDRFAMILY', -9, 'socket.gaierror');
    });

    test.runIf(family === 'AF_INET')('localhost is 127.0.0.1', async () => {
      expect(await lookup('localhost', '80')).toMatchObject({
        kind: 'endpoints',
        endpoints: [inet('127.0.0.1', 80), {}, {}],
      });
    });

    test('a name that cannot be is EAI_NONAME, with or without a network', async () => {
      expectFailure(await lookup('no such'), 'EAI_NONAME', -2, 'socket.gaierror');
      expectFailure(await lookup(''), 'EAI_NONAME', -2, 'socket.gaierror');
      expectFailure(await lookup(loopback[family], 'no-such-service'), 'EAI_SERVICE', -8, 'socket.gaierror');
    });

    test('a stopped look-up is not reported', async () => {
      const bench = hands(make);
      const flight = bench.start({ name: 'getaddrinfo', on: '', host: 'localhost', port: 0, family });
      flight.stop('cancelled');
      await bench.call({ name: 'getaddrinfo', on: '', host: 'no such', port: 0 });
      expect(flight.ended()).toBe(false);
    });

    test('gethostbyaddr: a name, none (herror), or a name that is none (gaierror)', async () => {
      const bench = hands(make);
      const ask = (host: string) => bench.call({ name: 'gethostbyaddr', on: '', host });
      expect(await ask('127.0.0.1')).toMatchObject({ kind: 'text' });
      const nameless = await ask('127.9.9.9');
      expect(['HOST_NOT_FOUND', 'TRY_AGAIN']).toContain(nameless.kind === 'error' && nameless.code);
      expectFailure(await ask('no such'), 'EAI_NONAME', -2, 'socket.gaierror');
    });

    test('services: the name first, then the protocol', async () => {
      const bench = hands(make);
      const byName = (service: string, protocol?: string) =>
        bench.call({ name: 'getservbyname', on: '', service, protocol });
      expect(await byName('ftp', 'tcp')).toMatchObject({ kind: 'number', number: 21 });
      expect(await byName('shell', 'tcp')).toMatchObject({ number: 514 });
      expect(await byName('syslog', 'udp')).toMatchObject({ number: 514 });
      expectFailure(await byName('http', 'udp'), 'NO_SERVICE', null, 'OSError');
      expectFailure(await byName('', 'tcp'), 'NO_SERVICE', null, 'OSError');
      const byPort = (port: number, protocol?: string) =>
        bench.call({ name: 'getservbyport', on: '', port, protocol });
      expect(await byPort(514, 'udp')).toMatchObject({ kind: 'text', text: 'syslog' });
      expectFailure(await byPort(1, 'nonsense'), 'NO_SERVICE', null, 'OSError');
      expectFailure(await byPort(70_000), 'OVERFLOW', null, 'OverflowError');
    });
  });
};
