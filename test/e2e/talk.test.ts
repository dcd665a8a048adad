import { afterEach, expect, test } from 'vitest';
import { pythonClient, pythonDatagramClient, pythonServer } from './foreign.ts';
import { key } from './keys.ts';
import { boundPort, createKeeper, listen, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

test('a Python client is seen, accepted, talked with, and its EOF shown', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  await terminal.until(/accept +loop +BLOCKED/);

  const client = keep.peer(pythonClient(port));
  const [, own] = await client.until(/connected (\d+)/);
  await terminal.until(new RegExp(`s1\\.accept[^=]* = a1 from 127\\.0\\.0\\.1:${own}`));
  await terminal.until(/a1 ESTAB/);

  client.say('send b"ping"');
  await terminal.until(/a1\.recv[^=\n]* = "ping"/);

  terminal.type('s');
  await terminal.until(/send to a1 >/);
  terminal.type('pong');
  await terminal.until(/send to a1 > pong\\r\\n +text, ends CRLF, 6 bytes/);
  terminal.type(key.enter);
  await terminal.until(/a1\.send "pong\\r\\n" = 6/);
  client.say('recv');
  await client.until(String.raw`received b'pong\\r\\n'`);

  client.say('close');
  await terminal.until(/a1\.recv[^=\n]* = EOF/);
  // As the textbook's server: what has ended is closed, so that its descriptor is free again.
  await terminal.until(/a1\.close = ok/);
  await terminal.until(lines => !/a1 (?:ESTAB|CLOSE-WAIT)/.test(lines.join('\n')));
});

test('two UDP clients are told apart and answered', async () => {
  const terminal = keep.terminal(await openWorkbench({ args: ['listen', 'udp://127.0.0.1:0'] }));
  const port = await boundPort(terminal);
  const ports: number[] = [];
  for (const word of ['one', 'two']) {
    const client = keep.peer(pythonDatagramClient(port));
    ports.push(Number((await client.until(/bound (\d+)/))[1]));
    client.say(`send b"${word}"`);
    await terminal.until(new RegExp(`= "${word}" from 127\\.0\\.0\\.1:${ports.at(-1)}`));
    terminal.type(`:u1.sendto "got ${word}" 127.0.0.1:${ports.at(-1)}${key.enter}`);
    client.say('recv');
    await client.until(`received b'got ${word}'`);
  }
  expect(new Set(ports).size).toBe(2);
});

test('the client connects to a foreign server and is answered', async () => {
  const { peer, port } = await pythonServer();
  keep.peer(peer);
  const terminal = keep.terminal(await openWorkbench({ args: ['connect', String(port)] }));
  await terminal.until(/c1 ESTAB/);
  terminal.type('s');
  await terminal.until(/send to c1 >/);
  terminal.type(`hello${key.enter}`);
  await peer.until(String.raw`read b'hello\\r\\n'`);
  await terminal.until(/c1\.recv.* = "hello\\r\\n"/);
});
