import { afterEach, expect, test } from 'vitest';
import { nodePeer, type Peer, pythonClient, pythonDatagramClient, pythonServer } from './foreign.ts';

const peers: Peer[] = [];

const keep = (peer: Peer) => {
  peers.push(peer);
  return peer;
};

afterEach(async () => {
  await Promise.all(peers.splice(0).map(peer => peer.stop()));
});

test('a Python client and a Python server talk', async () => {
  const { peer: server, port } = await pythonServer();
  keep(server);
  const client = keep(pythonClient(port));
  const [, own] = await client.until(/connected (\d+)/);
  await server.until(`accepted ${own}`);
  client.say(String.raw`send b"ping\r\n\xff"`);
  await client.until(/sent 7/);
  client.say('recv');
  await client.until(String.raw`received b'ping\\r\\n\\xff'`);
  client.say('close');
  await server.until(/eof/);
});

test('a Node program is a UDP server, a Python program its client', async () => {
  const server = keep(
    nodePeer(`import dgram from 'node:dgram';
const u = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => console.log('bound', u.address().port));
u.on('message', (data, from) => u.send('got ' + data, from.port, from.address));`),
  );
  const [, port] = await server.until(/bound (\d+)/);
  const client = keep(pythonDatagramClient(Number(port)));
  client.say('send b"hello"');
  client.say('recv');
  await client.until(/received b'got hello'/);
});

test('a peer that ends without the word rejects with what it printed', async () => {
  const peer = keep(nodePeer(`console.log('almost')`));
  await expect(peer.until('never')).rejects.toThrow(/ended before it printed never.*almost/s);
});
