import { afterEach, beforeAll, test } from 'vitest';
import { hasProgram } from '../cli/piping.ts';
import { pythonClient, pythonDatagramClient, pythonServer, startPeer } from '../e2e/foreign.ts';
import { ctrl, key } from '../e2e/keys.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { boundPort, createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

test.skipIf(!hasProgram('python3'))(
  'sockbench relay on the screen: it passes on, and a second one from the form leads to it',
  async () => {
    const { peer: target, port: at } = await pythonServer();
    keep.peer(target);
    const terminal = keep.terminal(
      await openWorkbench({ args: ['relay', '127.0.0.1:0', `127.0.0.1:${at}`] }),
    );
    await terminal.until(new RegExp(`s1 LISTEN 127\\.0\\.0\\.1:\\d+[\\s\\S]*relay to 127\\.0\\.0\\.1:${at}`));
    const port = Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
    terminal.type(`:relay${key.enter}`);
    await terminal.until(/target/);
    terminal.type(`${ctrl('u')}127.0.0.1:0${key.tab}`);
    terminal.type(`127.0.0.1:${port}${key.enter}`);
    await terminal.until(/s2 LISTEN/);
    const chained = Number(/s2 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
    const client = keep.peer(pythonClient(chained));
    client.say("send b'hello'");
    client.say('recv');
    await client.until("received b'hello'");
    await terminal.until(/a2\.recv 512KiB = "hello"[\s\S]*c2\.sendall "hello" = ok/);
  },
);

const shouter = `
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 0))
print('listening', u.getsockname()[1], flush=True)
while True:
    data, sender = u.recvfrom(65536)
    u.sendto(data.upper(), sender)
`;

test.skipIf(!hasProgram('python3'))(
  'sockbench relay of datagrams on the screen: a row for each sender, each step a call',
  async () => {
    const target = keep.peer(startPeer('python3', ['-c', shouter]));
    const [, at] = await target.until(/listening (\d+)/);
    const terminal = keep.terminal(
      await openWorkbench({ args: ['relay', 'udp://127.0.0.1:0', `udp://127.0.0.1:${at}`] }),
    );
    const port = await boundPort(terminal);
    await terminal.until(new RegExp(`relay to udp://127\\.0\\.0\\.1:${at}`));
    const clients = [1, 2].map(() => keep.peer(pythonDatagramClient(port)));
    for (const [index, client] of clients.entries()) {
      client.say(`send b'hello ${index}'`);
      client.say('recv');
      await client.until(`received b'HELLO ${index}'`);
    }
    const [, sender] = await clients[0]!.until(/bound (\d+)/);
    await terminal.until(new RegExp(`passed on by u1 to 127\\.0\\.0\\.1:${sender}`));
    await terminal.until(/c2\.send "hello 1" = 7[\s\S]*u1\.sendto "HELLO 1"/);
  },
);
