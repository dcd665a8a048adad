import { describe, expect, test } from 'vitest';
import { type Endpoint, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Subject } from './contract.ts';
import { expectFailure, type Flight, hands, received, text, turns, until } from './hands.ts';
import { connectingTo, onLinux, tcpRow } from './kernel.ts';

export const backlogContract = ({ make, exact, family }: Subject): void => {
  const seen = exact && onLinux;

  /** Clients whose connect has been started, in order. */
  const clients = async (bench: ReturnType<typeof hands>, at: Endpoint, count: number) => {
    const flights: Flight[] = [];
    for (let i = 0; i < count; i++) {
      const client = await bench.socket(family);
      flights.push(bench.start({ name: 'connect', on: client, address: at }));
      await turns();
    }
    return flights;
  };

  describe('listen and accept', () => {
    test('listen on an unbound socket binds it to every interface', async () => {
      const bench = hands(make);
      const name = await bench.socket(family);
      const listening = await bench.call({ name: 'listen', on: name, backlog: 1 });
      expect(listening).toMatchObject({ kind: 'none' });
      const own = await bench.call({ name: 'getsockname', on: name });
      expect(own.kind === 'endpoint' && Number(portAt(own.endpoint))).toBeGreaterThan(0);
    });

    test('calls that a listener does not have', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      expectFailure(await bench.call({ name: 'connect', on: name, address: at }), 'EISCONN', 106, 'OSError');
      expectFailure(await bench.call({ name: 'recv', on: name, size: 1 }), 'ENOTCONN', 107, 'OSError');
      expectFailure(
        await bench.call({ name: 'send', on: name, data: text('x') }),
        'EPIPE',
        32,
        'BrokenPipeError',
      );
      expectFailure(await bench.call({ name: 'getpeername', on: name }), 'ENOTCONN', 107, 'OSError');
    });

    test('accept with timeout 0 and nobody there is EAGAIN, with somebody there it is not', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const none = await bench.call({ name: 'accept', on: name }, 0);
      expectFailure(none, 'EAGAIN', 11, 'BlockingIOError');
      await (await clients(bench, at, 1))[0]!.outcome;
      expect((await bench.call({ name: 'accept', on: name }, 0)).kind).toBe('made');
      expectFailure(await bench.call({ name: 'accept', on: name }, 0), 'EAGAIN', 11, 'BlockingIOError');
    });

    test.runIf(seen)(
      'backlog 1 lets 2 wait; the third connect blocks until one accept makes room',
      async () => {
        const bench = hands(make);
        const { name, at } = await bench.listener(family, 1);
        const [first, second, third] = await clients(bench, at, 3);
        await Promise.all([first!.outcome, second!.outcome]);
        await until('2 connections wait', () => tcpRow(family, at)?.rcvQ === 2);
        expect(connectingTo(family, at)).toHaveLength(1);
        expect(third!.ended()).toBe(false);
        expect((await bench.call({ name: 'accept', on: name })).kind).toBe('made');
        expect(tcpRow(family, at)?.rcvQ).toBe(1);
        expect(await third!.outcome).toMatchObject({ kind: 'none', peer: at });
        expect(tcpRow(family, at)?.rcvQ).toBe(2);
      },
    );

    test.runIf(seen)('no connection is taken while no accept runs, and each accept takes one', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family, 8);
      await Promise.all((await clients(bench, at, 6)).map(({ outcome }) => outcome));
      for (let left = 6; left > 0; left--) {
        await turns();
        expect(tcpRow(family, at)?.rcvQ).toBe(left);
        await bench.call({ name: 'accept', on: name });
      }
      const idle = bench.start({ name: 'accept', on: name });
      await turns();
      expect(idle.ended()).toBe(false);
      idle.stop('cancelled');
      await Promise.all((await clients(bench, at, 1)).map(({ outcome }) => outcome));
      await turns();
      expect(tcpRow(family, at)?.rcvQ).toBe(1);
    });

    test.runIf(seen)('listen again changes the backlog of a live listener and keeps its queue', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family, 0);
      await (await clients(bench, at, 1))[0]!.outcome;
      expect(tcpRow(family, at)?.rcvQ).toBe(1);
      expect((await bench.call({ name: 'listen', on: name, backlog: 2 })).kind).toBe('none');
      expect(tcpRow(family, at)?.rcvQ).toBe(1);
      await Promise.all((await clients(bench, at, 2)).map(({ outcome }) => outcome));
      await turns();
      expect(tcpRow(family, at)?.rcvQ).toBe(3);
    });

    test('two accepts in flight take a connection each', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const accepts = [bench.start({ name: 'accept', on: name }), bench.start({ name: 'accept', on: name })];
      await clients(bench, at, 1);
      expect((await accepts[0]!.outcome).kind).toBe('made');
      await turns();
      expect(accepts[1]!.ended()).toBe(false);
      await clients(bench, at, 1);
      expect((await accepts[1]!.outcome).kind).toBe('made');
    });

    test('an accept that was stopped leaves the connection to the next', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const stopped = bench.start({ name: 'accept', on: name });
      await turns();
      expect(stopped.stop('deadline')).toBe(0);
      await (await clients(bench, at, 1))[0]!.outcome;
      expect((await bench.call({ name: 'accept', on: name })).kind).toBe('made');
      expect(stopped.ended()).toBe(false);
    });

    test('a connection may send before it is accepted', async () => {
      const bench = hands(make);
      const { name, at } = await bench.listener(family);
      const client = await bench.socket(family);
      await bench.call({ name: 'connect', on: client, address: at });
      expect(await bench.call({ name: 'send', on: client, data: text('early') })).toEqual({
        kind: 'count',
        count: 5,
      });
      const accepted = await bench.call({ name: 'accept', on: name });
      const server = accepted.kind === 'made' ? accepted.name : '';
      expect(received(await bench.call({ name: 'recv', on: server, size: 9 }))).toBe('early');
    });

    test.runIf(seen)(
      'a connect that was stopped goes on in the kernel; the next one waits for it',
      async () => {
        const bench = hands(make);
        const { name, at } = await bench.listener(family, 0);
        await (await clients(bench, at, 1))[0]!.outcome;
        const client = await bench.socket(family);
        const connect = bench.start({ name: 'connect', on: client, address: at }, 50);
        await until('SYN-SENT', () => connectingTo(family, at).length === 1);
        expect(connect.stop('deadline')).toBe(0);
        expect(connectingTo(family, at)).toHaveLength(1);
        const timed = await bench.call({ name: 'connect', on: client, address: at }, 50);
        expectFailure(timed, 'EALREADY', 114, 'BlockingIOError');
        const again = bench.start({ name: 'connect', on: client, address: at });
        await bench.call({ name: 'accept', on: name });
        expect(await again.outcome).toMatchObject({ kind: 'none', peer: at });
        expect(connect.ended()).toBe(false);
      },
    );
  });
};
