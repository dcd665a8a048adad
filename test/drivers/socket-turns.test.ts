import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { measureSocketTurns } from '../../source/drivers/system/socket-turns.ts';

const busyFor = (ms: number): void => {
  for (const began = performance.now(); performance.now() - began < ms; );
};

const later = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5));

test('counts what is done in turns that sockets began, and nothing else, until it is stopped', async () => {
  const server = createServer(socket => {
    busyFor(10);
    socket.on('data', data => {
      busyFor(10);
      socket.end(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stranger = createSocket('udp4', () => busyFor(10)).bind(0, '127.0.0.1');
  await once(stranger, 'listening');

  const turns = measureSocketTurns();
  busyFor(10);
  setTimeout(busyFor, 1, 10);
  setImmediate(busyFor, 10);
  await later();
  expect(turns.ms()).toBe(0);

  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.end('hello');
  await once(client.resume(), 'close');
  expect(turns.ms()).toBeGreaterThanOrEqual(20);
  const before = turns.ms();
  stranger.send('x', stranger.address().port, '127.0.0.1');
  await once(stranger, 'message');
  await later();
  expect(turns.ms() - before).toBeGreaterThanOrEqual(10);

  turns.stop();
  const stopped = turns.ms();
  stranger.send('x', stranger.address().port, '127.0.0.1');
  await once(stranger, 'message');
  expect(turns.ms()).toBe(stopped);
  stranger.close();
  server.close();
});
