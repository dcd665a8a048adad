import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Peer } from '../e2e/foreign.ts';
import { inLanguage, type PeerName, peerLanguage, startFastPeer, startPythonPeer } from './peers/peers.ts';
import { exchangedOf } from './subject.ts';

const languages = [...new Set([await peerLanguage(), 'Python'] as const)];

const start = async (
  language: (typeof languages)[number],
  name: PeerName,
  args: readonly (string | number)[],
): Promise<Peer> => {
  const peer = language === 'C' ? await startFastPeer(name, args) : startPythonPeer(name, args);
  onTestFinished(() => peer.stop());
  return peer;
};

/** What tcp-sink prints of a stream. */
const sinkOf = async (language: (typeof languages)[number], data: Uint8Array): Promise<string> => {
  const sink = await start(language, 'tcp-sink', [5000, 'check']);
  const [, port] = await sink.until(/^listening (\d+)$/m);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(data);
  const [said] = await sink.until(/(wrong \d+\n)?received .*\n/);
  return said.replace(/ [\d.]+\n$/, '');
};

const numbers = (count: number): Buffer =>
  Buffer.from(BigUint64Array.from({ length: count }, (_, at) => BigInt(at)).buffer);

test.each(languages)('a sink in %s says what came and where it goes wrong', async language => {
  const right = numbers(10_000);
  expect(await sinkOf(language, right)).toBe('received 80000');
  const overtaken = Buffer.concat([
    right.subarray(0, 5003),
    right.subarray(5004, 70_000),
    right.subarray(5003, 5004),
  ]);
  expect(await sinkOf(language, overtaken)).toBe('wrong 5007\nreceived 70000');
  const period = numbers(1 << 19);
  expect(await sinkOf(language, Buffer.concat([period, period]))).toBe(`received ${2 * period.length}`);
});

test.each(languages)('a source in %s sends what it was told', async language => {
  const server = createServer();
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const source = start(language, 'tcp-source', [port, 100_001, 4096]);
  const [socket] = await once(server, 'connection');
  let size = 0;
  for await (const data of socket) size += data.length;
  expect(size).toBe(100_001);
  await (await source).until(/^sent 100001 [\d.]+$/m);
});

test.each(languages)('two of an exchange in %s get all of the other, on every connection', async language => {
  const server = await start(language, 'tcp-exchange', [0, 3, 100_000, 4096]);
  const [, port] = await server.until(/^listening (\d+)$/m);
  const client = await start(language, 'tcp-exchange', [port!, 3, 100_000, 4096]);
  for (const end of [client, server])
    expect(await exchangedOf(end)).toMatchObject({ bytes: 300_000, wrong: false });
});

test.each(languages)('one in %s says where a stream goes wrong, or ends too soon', async language => {
  const streams = [numbers(20_000).subarray(0, 160_000), numbers(10_000)];
  streams[0]!.writeBigUInt64LE(7n, 80_008);
  for (const [stream, wrong] of [
    [streams[0]!, 80_008],
    [streams[1]!, 80_000],
  ] as const) {
    const server = await start(language, 'tcp-exchange', [0, 1, 160_000, 4096]);
    const [, port] = await server.until(/^listening (\d+)$/m);
    const socket = connect(Number(port), '127.0.0.1').resume();
    socket.end(stream);
    await server.until(new RegExp(`^wrong ${wrong}\\nexchanged ${stream.length} `, 'm'));
  }
});

test.each(languages)('a flood in %s is so many datagrams of that size', async language => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const sizes: number[] = [];
  const all = new Promise<void>(resolve =>
    socket.on('message', data => {
      if (sizes.push(data.length) === 20) resolve();
    }),
  );
  const flood = await start(language, 'udp-flood', [socket.address().port, 20, 64]);
  await flood.until(/^sent 20 [\d.]+$/m);
  await all;
  expect(new Set(sizes)).toEqual(new Set([64]));
});

test.each(languages)('a flood in %s by a seed is numbered, and of any size', async language => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const came: Buffer[] = [];
  const all = new Promise<void>(resolve =>
    socket.on('message', data => {
      if (came.push(data) === 20) resolve();
    }),
  );
  await start(language, 'udp-flood', [socket.address().port, 20, 64, 7]);
  await all;
  expect(came.map(data => Number(data.readBigUInt64LE()))).toEqual(Array.from({ length: 20 }, (_, at) => at));
  expect(new Set(came.map(({ length }) => length)).size).toBeGreaterThan(1);
});

test.runIf(languages.includes('C'))('streams of any size are whole, others are reset', async () => {
  const server = await start('C', 'tcp-streams', [0, 3, 100_000, 4096, 0]);
  const [, port] = await server.until(/^listening (\d+)$/m);
  const client = await start('C', 'tcp-streams', [port!, 3, 100_000, 4096, 5]);
  const streamsIn = (text: string) => [...text.matchAll(/^stream (\w+) (\w+)$/gm)];
  await client.until(/^exchanged 3 \d+$/m);
  await server.until(/^exchanged 3 \d+$/m);
  const [here, there] = [streamsIn(client.output()), streamsIn(server.output())];
  expect(here.map(([, sent, received]) => `${received} ${sent}`).sort()).toEqual(
    there.map(([, sent, received]) => `${sent} ${received}`).sort(),
  );
});

test.runIf(languages.includes('C'))('streams say where one goes wrong, or ends too soon', async () => {
  const right = numbers(12_500);
  const spoiled = Buffer.from(right);
  spoiled[4_000]! ^= 1;
  for (const [stream, wrong] of [
    [spoiled, 4_000],
    [right.subarray(0, 80_000), 80_000],
  ] as const) {
    const server = await start('C', 'tcp-streams', [0, 1, 100_000, 4096, 0]);
    const [, port] = await server.until(/^listening (\d+)$/m);
    // Who finds a stream wrong leaves it, and may do so with bytes unread: a reset.
    connect(Number(port), '127.0.0.1')
      .on('error', () => {})
      .resume()
      .end(stream);
    await server.until(new RegExp(`^wrong ${wrong}$`, 'm'));
  }
});

test('a case says that peers without a compiler are slower', () => {
  expect(inLanguage('C')).toBe('in C');
  expect(inLanguage('Python')).toMatch(/no C compiler.*slower/);
});
