import { createSocket } from 'node:dgram';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Endpoint, inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Subject } from './contract.ts';
import {
  endpoint,
  expectFailure,
  hands,
  loopback,
  received,
  repeat,
  text,
  turns,
  until,
  wildcards,
} from './hands.ts';
import { onLinux, udpRow } from './kernel.ts';
import { available } from './native.ts';

export const datagramContract = ({ make, exact, family }: Subject): void => {
  const here = loopback[family];
  const seen = exact && onLinux;

  const two = async () => {
    const bench = hands(make);
    const receiver = await bench.datagram(family);
    const sender = await bench.datagram(family);
    return {
      bench,
      receiver,
      sender,
      sendto: (words: string, on = sender.name, address: Endpoint = receiver.at) =>
        bench.call({ name: 'sendto', on, data: text(words), address }),
      recvfrom: (size = 99, timeout?: number, on = receiver.name) =>
        bench.call({ name: 'recvfrom', on, size }, timeout),
    };
  };

  describe('datagrams', () => {
    test('recvfrom takes one datagram and names its sender', async () => {
      const { sender, sendto, recvfrom } = await two();
      expect(await sendto('one')).toEqual({ kind: 'count', count: 3 });
      await sendto('two!');
      expect(await recvfrom()).toMatchObject({ kind: 'data', from: sender.at });
      expect(received(await recvfrom())).toBe('two!');
    });

    test.runIf(seen)('the second datagram stays in the kernel', async () => {
      const { receiver, sendto, recvfrom } = await two();
      await sendto('one');
      const once = udpRow(family, receiver.at)!.rcvQ;
      await sendto('two');
      await turns();
      expect(udpRow(family, receiver.at)!.rcvQ).toBe(2 * once);
      await recvfrom();
      await turns();
      expect(udpRow(family, receiver.at)!.rcvQ).toBe(once);
    });

    test('a sendto on an unbound socket binds it, and says where', async () => {
      const { bench, sendto, recvfrom } = await two();
      const name = await bench.socket(family, 'SOCK_DGRAM');
      const fresh = endpoint(await bench.call({ name: 'getsockname', on: name }));
      expect(fresh).toEqual(inet(wildcards[family], 0));
      const sent = await sendto('hi', name);
      expect(sent).toMatchObject({ kind: 'count', count: 2, local: { host: wildcards[family] } });
      const own = endpoint(await bench.call({ name: 'getsockname', on: name }));
      expect(own).toEqual(endpoint(sent));
      expect(await recvfrom()).toMatchObject({ from: inet(here, portAt(own)!) });
      const bound = await bench.call({ name: 'bind', on: name, address: inet(here, 0) });
      expectFailure(bound, 'EINVAL', 22, 'OSError');
    });

    test('zero length is legal and is no EOF: recv names its sender too', async () => {
      const { bench, receiver, sendto, recvfrom } = await two();
      await sendto('');
      const empty = await bench.call({ name: 'recv', on: receiver.name, size: 9 });
      expect(empty).toMatchObject({ kind: 'data', from: { host: here } });
      expect(await sendto('')).toMatchObject({ kind: 'count', count: 0 });
      expect(received(await recvfrom())).toBe('');
      await sendto('next');
      expect(received(await recvfrom())).toBe('next');
    });

    test('what does not fit is lost, and counted', async () => {
      const { sendto, recvfrom } = await two();
      await sendto('abcdef');
      await sendto('next');
      const cut = await recvfrom(4);
      expect(received(cut)).toBe('abcd');
      expect(cut).toMatchObject({ lost: 2 });
      expect(await recvfrom(4)).not.toHaveProperty('lost');
    });

    test('MSG_PEEK leaves the datagram', async () => {
      const { bench, receiver, sendto, recvfrom } = await two();
      await sendto('abcdef');
      await sendto('next');
      for (let i = 0; i < 2; i++) {
        const peeked = await bench.call({ name: 'recv', on: receiver.name, size: 3, flags: ['MSG_PEEK'] });
        expect(received(peeked)).toBe('abc');
      }
      expect(received(await recvfrom())).toBe('abcdef');
      expect(received(await recvfrom())).toBe('next');
    });

    test('timeout 0: EAGAIN where nothing is there', async () => {
      const { sendto, recvfrom } = await two();
      expectFailure(await recvfrom(9, 0), 'EAGAIN', 11, 'BlockingIOError');
      await sendto('x');
      expect(received(await recvfrom(9, 0))).toBe('x');
    });

    test('a stopped recvfrom takes nothing', async () => {
      const { bench, receiver, sendto, recvfrom } = await two();
      const stopped = bench.start({ name: 'recvfrom', on: receiver.name, size: 9 });
      await turns();
      expect(stopped.stop('deadline')).toBe(0);
      await sendto('kept');
      await turns();
      expect(stopped.ended()).toBe(false);
      expect(received(await recvfrom())).toBe('kept');
    });

    test('recv on an unbound socket blocks, and bind is still possible', async () => {
      const { bench, sendto } = await two();
      const name = await bench.socket(family, 'SOCK_DGRAM');
      const blocked = bench.start({ name: 'recv', on: name, size: 9 });
      await turns();
      const bound = await bench.call({ name: 'bind', on: name, address: inet(here, 0) });
      await sendto('at last', undefined, endpoint(bound));
      expect(received(await blocked.outcome)).toBe('at last');
    });

    test('usage errors', async () => {
      const { bench, receiver, sender } = await two();
      const on = sender.name;
      expectFailure(await bench.call({ name: 'send', on, data: text('x') }), 'EDESTADDRREQ', 89, 'OSError');
      expectFailure(await bench.call({ name: 'listen', on, backlog: 1 }), 'EOPNOTSUPP', 95, 'OSError');
      expectFailure(await bench.call({ name: 'accept', on }), 'EOPNOTSUPP', 95, 'OSError');
      expectFailure(await bench.call({ name: 'getpeername', on }), 'ENOTCONN', 107, 'OSError');
      const again = await bench.call({ name: 'bind', on, address: inet(here, 0) });
      expectFailure(again, 'EINVAL', 22, 'OSError');
      const other = inet(loopback[family === 'AF_INET' ? 'AF_INET6' : 'AF_INET'], 9);
      const stray = await bench.call({ name: 'sendto', on, data: text('x'), address: other });
      expectFailure(stray, 'EAI_ADDRFAMILY', -9, 'socket.gaierror');
      const used = await bench.socket(family, 'SOCK_DGRAM');
      const bound = await bench.call({ name: 'bind', on: used, address: receiver.at });
      expectFailure(bound, 'EADDRINUSE', 98, 'OSError');
      expectFailure(await bench.call({ name: 'shutdown', on, how: 'SHUT_WR' }), 'ENOTCONN', 107, 'OSError');
    });

    test('the largest datagram passes, one byte more is EMSGSIZE', async () => {
      const { bench, receiver, sender } = await two();
      const largest = family === 'AF_INET' ? 65_507 : 65_527;
      const send = (size: number) =>
        bench.call({ name: 'sendto', on: sender.name, data: repeat(size), address: receiver.at });
      expect(await send(largest)).toMatchObject({ kind: 'count', count: largest });
      expect(received(await bench.call({ name: 'recv', on: receiver.name, size: 70_000 }))?.length).toBe(
        largest,
      );
      expectFailure(await send(largest + 1), 'EMSGSIZE', 90, 'OSError');
      expectFailure(await send(1 << 30), 'EMSGSIZE', 90, 'OSError');
    });

    test('connect sets the default peer, fixes the local address and drops strangers', async () => {
      const { bench, receiver, sender, sendto, recvfrom } = await two();
      const name = await bench.socket(family, 'SOCK_DGRAM');
      const connected = await bench.call({ name: 'connect', on: name, address: receiver.at });
      expect(connected).toMatchObject({ kind: 'none', local: { host: here }, peer: receiver.at });
      expect(endpoint(await bench.call({ name: 'getpeername', on: name }))).toEqual(receiver.at);
      expect((await bench.call({ name: 'send', on: name, data: text('by default') })).kind).toBe('count');
      expect((await sendto('to the peer', name)).kind).toBe('count');
      expect(received(await recvfrom())).toBe('by default');
      expect(received(await recvfrom())).toBe('to the peer');
      const own = endpoint(connected);
      await sendto('stranger', sender.name, own);
      await sendto('friend', receiver.name, own);
      const got = await bench.call({ name: 'recvfrom', on: name, size: 99 });
      expect(got).toMatchObject({ from: receiver.at });
      expect(received(got)).toBe('friend');
      const past = await sendto('past the peer', name, sender.at);
      if (exact && available)
        expect(received(await recvfrom(99, undefined, sender.name))).toBe('past the peer');
      else expectFailure(past, 'UNSUPPORTED', null, '');
      if (!exact) return;
      // The second connect changes the peer and keeps the port.
      expect((await bench.call({ name: 'connect', on: name, address: sender.at })).kind).toBe('none');
      expect(portAt(endpoint(await bench.call({ name: 'getsockname', on: name })))).toBe(portAt(own));
      await sendto('now welcome', sender.name, own);
      expect(received(await bench.call({ name: 'recv', on: name, size: 99 }))).toBe('now welcome');
    });

    test('an unreachable port: the second send of a connected socket is ECONNREFUSED, or the recv', async () => {
      const { bench, receiver } = await two();
      await bench.call({ name: 'close', on: receiver.name });
      const name = await bench.socket(family, 'SOCK_DGRAM');
      await bench.call({ name: 'connect', on: name, address: receiver.at });
      const send = () => bench.call({ name: 'send', on: name, data: text('x') });
      expect((await send()).kind).toBe('count');
      await turns();
      expectFailure(await send(), 'ECONNREFUSED', 111, 'ConnectionRefusedError');
      expect((await send()).kind).toBe('count');
      const heard = await bench.call({ name: 'recv', on: name, size: 9 });
      expectFailure(heard, 'ECONNREFUSED', 111, 'ConnectionRefusedError');
    });

    test('an unconnected socket hears nothing of an unreachable port', async () => {
      const { receiver, sender, bench, sendto, recvfrom } = await two();
      await bench.call({ name: 'close', on: receiver.name });
      for (let i = 0; i < 3; i++) expect((await sendto('x')).kind).toBe('count');
      expectFailure(await recvfrom(9, 0, sender.name), 'EAGAIN', 11, 'BlockingIOError');
    });

    test('after SHUT_WR sends are EPIPE, after SHUT_RD a blocking recv is empty', async () => {
      const { bench, receiver, sender } = await two();
      await bench.call({ name: 'connect', on: sender.name, address: receiver.at });
      const blocked = bench.start({ name: 'recv', on: sender.name, size: 9 });
      expect((await bench.call({ name: 'shutdown', on: sender.name, how: 'SHUT_RDWR' })).kind).toBe('none');
      expectFailure(
        await bench.call({ name: 'send', on: sender.name, data: text('x') }),
        'EPIPE',
        32,
        'BrokenPipeError',
      );
      expect(received(await blocked.outcome)).toBe('');
    });

    test('foreign peers are told apart by address', async () => {
      const bench = hands(make);
      const { name, at } = await bench.datagram(family);
      const ports: number[] = [];
      for (const word of ['red', 'blue']) {
        const foreign = createSocket(family === 'AF_INET' ? 'udp4' : 'udp6');
        onTestFinished(() => void foreign.close());
        foreign.send(word, Number(portAt(at)), here);
        const got = await bench.call({ name: 'recvfrom', on: name, size: 99 });
        expect(received(got)).toBe(word);
        const from = got.kind === 'data' ? got.from! : at;
        ports.push(Number(portAt(from)));
        const answer = new Promise<string>(resolve =>
          foreign.once('message', data => resolve(data.toString())),
        );
        await bench.call({ name: 'sendto', on: name, data: text(`to ${word}`), address: from });
        expect(await answer).toBe(`to ${word}`);
      }
      expect(ports[0]).not.toBe(ports[1]);
    });

    test.runIf(onLinux)('what the kernel drops is in its table, what arrives is counted', async () => {
      const { bench, receiver, sendto, recvfrom } = await two();
      await bench.call({
        name: 'setsockopt',
        on: receiver.name,
        level: 'SOL_SOCKET',
        option: 'SO_RCVBUF',
        value: 4096,
      });
      for (let i = 0; i < 50; i++) await sendto('x'.repeat(100));
      let got = 0;
      while ((await recvfrom(200, 0)).kind === 'data') got++;
      expect(got).toBeGreaterThan(0);
      await until('drops', () => udpRow(family, receiver.at)!.drops === 50 - got);
    });
  });
};
