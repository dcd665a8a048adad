import { expect, onTestFinished, test, vi } from 'vitest';
import { type Endpoint, inet } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { type NativeSockets, nativeSockets } from '../../source/drivers/native/native-socket.ts';
import { nativeUdpEnd } from '../../source/drivers/native/native-udp.ts';
import type { Bindings } from '../../source/drivers/node/private-handles.ts';
import { libraryEnds, privateBindings } from '../../source/drivers/node/private-node.ts';
import type { Ends, Status, UdpEnd } from '../../source/drivers/sockets/ends.ts';
import { ReceiveMemory } from '../../source/drivers/sockets/receive-memory.ts';
import type { UdpSocketHost } from '../../source/drivers/sockets/socket-hosts.ts';
import { cancelled, notNow } from '../../source/drivers/sockets/status.ts';
import { UdpSocket } from '../../source/drivers/sockets/udp-socket.ts';
import { text } from './hands.ts';

/*
 * libuv keeps datagrams for which the kernel has no room. Loopback always has room: here an end says that it has
 * none, and sends when it is told to.
 */

/** A socket with a descriptor from the start, as the table of sockets makes them. */
const opened = (host: UdpSocketHost) => {
  const end = host.end('AF_INET');
  expect(end.open()).toBe(0);
  return new UdpSocket(host, 's1', 'AF_INET', end);
};

const crowded = () => {
  const ends = libraryEnds();
  if (typeof ends === 'string') throw new Error(ends);
  const kept: { readonly go: () => void; readonly done: (status: Status) => void }[] = [];
  let real: UdpEnd | undefined;
  const udp = (): UdpEnd => {
    const end = ends.udp('AF_INET');
    real = end;
    const send: UdpEnd['send'] = (data, to, done) => {
      kept.push({ go: () => void end.send(data, to, () => {}), done });
      return 'later';
    };
    return Object.create(end, { send: { value: send } }) as UdpEnd;
  };
  const late: number[] = [];
  const memory = new ReceiveMemory();
  const socket = opened({
    end: udp,
    memory,
    late: (_socket, bytes) => late.push(bytes),
  });
  const receiver = opened({ end: () => ends.udp('AF_INET'), memory, late: () => {} });
  receiver.bind(inet('127.0.0.1', 0));
  const named = receiver.getsockname();
  if (named.kind !== 'endpoint') throw new Error('no address');
  onTestFinished(() => {
    socket.close('close');
    receiver.close('close');
  });
  const outcomes: Outcome[] = [];
  return {
    socket,
    late,
    outcomes,
    at: named.endpoint,
    real: () => real!,
    send: (words: string, to: Endpoint | null) =>
      socket.send(to, { data: text(words), all: false, timeout: null }, outcome => outcomes.push(outcome)),
    /** The kernel has room again for the datagram that was kept first. */
    makeRoom: (status: Status = 0) => {
      const first = kept.shift()!;
      if (status === 0) first.go();
      first.done(status);
    },
    received: () =>
      new Promise<string>(resolve =>
        receiver.recv({ size: 100, flags: [], timeout: null }, false, outcome =>
          resolve(outcome.kind === 'data' ? Buffer.from(outcome.data).toString() : outcome.kind),
        ),
      ),
  };
};

test('a datagram that was stopped in the queue is not counted until it leaves, and then told once', () => {
  const { send, makeRoom, outcomes, late, at } = crowded();
  const running = send('one', at);
  expect(running?.taken()).toBe(0);
  expect(running?.stop('deadline')).toBe(0);
  expect(late).toEqual([]);
  makeRoom();
  expect(late).toEqual([3]);
  expect(outcomes).toEqual([]);
});

test('a datagram that never leaves is told to nobody, and one in flight when the socket is closed is CLOSED', () => {
  const { send, makeRoom, outcomes, late, at } = crowded();
  send('one', at)?.stop('closed');
  send('two', at);
  makeRoom(-125);
  makeRoom(-125);
  expect(late).toEqual([]);
  expect(outcomes).toMatchObject([{ kind: 'error', code: 'CLOSED' }]);
});

test.skipIf(typeof nativeSockets() === 'string')(
  'what goes past the peer of a connected socket does not overtake what waits',
  async () => {
    const { socket, send, makeRoom, outcomes, received, at } = crowded();
    const peer = opened({
      end: () => (libraryEnds() as Ends).udp('AF_INET'),
      memory: new ReceiveMemory(),
      late: () => {},
    });
    onTestFinished(() => peer.close('close'));
    peer.bind(inet('127.0.0.1', 0));
    const named = peer.getsockname();
    if (named.kind !== 'endpoint') throw new Error('no address');
    socket.connect(named.endpoint);
    send('to the peer', null);
    send('past the peer', at);
    expect(outcomes).toEqual([]);
    makeRoom();
    expect(outcomes).toMatchObject([
      { kind: 'count', count: 11 },
      { kind: 'count', count: 13 },
    ]);
    expect(await received()).toBe('past the peer');
  },
);

test.skipIf(typeof nativeSockets() === 'string')(
  'on system calls of our own none overtakes one for which there is no room, and close ends them all',
  () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const calls = nativeSockets() as NativeSockets;
    const sent: string[] = [];
    let room = 0;
    const send = (_fd: number, data: Uint8Array): Status => {
      if (room === 0) return notNow;
      room--;
      sent.push(Buffer.from(data).toString());
      return data.length;
    };
    const end = nativeUdpEnd({ ...calls, send }, privateBindings() as Bindings, 'AF_INET');
    expect(end.open()).toBe(0);
    const told: (string | number)[] = [];
    const hand = (words: string) =>
      end.send(Buffer.from(words), null, status => told.push(`${words} ${status}`));
    expect(hand('one')).toBe('later');
    room = 1;
    expect(hand('two')).toBe('later');
    vi.advanceTimersByTime(5);
    expect(sent).toEqual(['one']);
    room = 1;
    vi.advanceTimersByTime(5);
    expect(sent).toEqual(['one', 'two']);
    expect(hand('three')).toBe('later');
    expect(hand('four')).toBe('later');
    end.close();
    expect(told).toEqual(['one 3', 'two 3', `three ${cancelled}`, `four ${cancelled}`]);
  },
);
