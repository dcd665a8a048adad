import { afterEach, expect, test } from 'vitest';
import { startPeer } from '../e2e/foreign.ts';
import { ctrl, key } from '../e2e/keys.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

const server = `
import socket
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
c, _ = s.accept()
while data := c.recv(100):
    c.sendall(data)
`;

const client = (port: number) => `
import socket
s = socket.create_connection(('127.0.0.1', ${port}))
s.sendall(b'hello world')
pieces = []
while sum(map(len, pieces)) < 11:
    pieces.append(s.recv(100))
print(len(pieces), 'pieces:', b''.join(pieces).decode(), flush=True)
`;

test('between a client and a server that know nothing of it, answers come in pieces', async () => {
  const target = keep.peer(startPeer('python3', ['-c', server]));
  const [, back] = await target.until(/listening (\d+)/);
  const terminal = keep.terminal(await openWorkbench({ cols: 130, rows: 40 }));
  const port = await listen(terminal);
  terminal.type(`:s1.relay 127.0.0.1:${back}${key.enter}`);
  await terminal.until(/s1 is a relay to/);
  terminal.type('f');
  await terminal.until(/faults {2}delay 200ms/);
  terminal.type(`${ctrl('u')}splt 3${key.enter}`);
  await terminal.until(/splt is no fault: did you mean split\?/);
  terminal.type(`${ctrl('u')}split 4 every 300ms${key.enter}`);
  await terminal.until(/your own calls are left alone/);
  await terminal.until(/fault: split 4 every 300ms/);

  const peer = keep.peer(startPeer('python3', ['-c', client(port)]));
  const [, count] = await peer.until(/(\d) pieces: hello world/);
  // A machine that is busy may receive two of them at once, never all.
  expect(Number(count)).toBeGreaterThan(1);
  await terminal.until(/a1 fault: 11 bytes sent in pieces/);
  await terminal.until(/a1\.sendall "hell" = ok/);
  await terminal.until(/a1\.sendall "rld" = ok/);
  // What is held back is no deadlock.
  expect(terminal.picture()).not.toMatch(/DEADLOCK/);
});
