import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { exportLab } from '../../source/formats/lab/export-lab.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { commandLine } from '../labs/command-line.ts';
import { sessionFile } from '../support/line-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-peer-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Listens, then is a client of the bench's listener, then of its datagram socket, then serves one client. */
const peer = `
import socket, sys, time
tcp, udp, own = map(int, sys.argv[1:])
server = socket.create_server(('127.0.0.1', own))
print('listening', flush=True)
while True:
    try:
        client = socket.create_connection(('127.0.0.1', tcp))
        # A port that the system chose for it may be the one it connects to: TCP then connects it with itself.
        if client.getsockname() != client.getpeername(): break
        client.close()
    except ConnectionRefusedError:
        time.sleep(0.02)
client.sendall(b'GET $x "\\n#')
assert client.recv(5, socket.MSG_WAITALL) == b'hello'
client.close()
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.connect(('127.0.0.1', udp))
asker.settimeout(0.2)
while True:
    try:
        asker.send(b'ping')
        assert asker.recv(9) == b'pong'
        break
    except (ConnectionRefusedError, TimeoutError):
        time.sleep(0.02)
guest, _ = server.accept()
guest.sendall(b'welcome')
guest.close()
print('done', flush=True)
`;

import { projectionOf } from '../../source/formats/projection/projection.ts';

const withPeer = async <T>(ports: readonly number[], work: () => Promise<T>): Promise<T> => {
  const child = spawn('python3', ['-c', peer, ...ports.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    await once(child.stdout!, 'data');
    const result = await work();
    expect((await ended)[0]).toBe(0);
    return result;
  } finally {
    child.kill();
  }
};

const ports = async (): Promise<number[]> => {
  const found = new Set<number>();
  while (found.size < 3) found.add((await freePort('127.0.0.1'))!);
  return [...found];
};

const linesOf = ([tcp, udp, own]: readonly number[]): string[] => [
  's1 = socket',
  `s1.bind 127.0.0.1:${tcp}`,
  's1.listen 1',
  'a1 = s1.accept',
  'a1.recv 10 MSG_WAITALL',
  'a1.sendall "hello"',
  'a1.recv 100',
  'a1.close',
  'u1 = socket AF_INET SOCK_DGRAM',
  `u1.bind 127.0.0.1:${udp}`,
  'who = u1.recvfrom 100',
  'u1.sendto "pong" $who',
  'c1 = socket',
  `c1.connect 127.0.0.1:${own}`,
  'c1.recv 7 MSG_WAITALL',
  'c1.recv 100',
  'c1.close',
];

test('a session with a foreign peer is a lab that needs that peer, and passes with it', async () => {
  const chosen = await ports();
  const read = readSession(await withPeer(chosen, () => sessionFile(linesOf(chosen))), 'session');
  if (!read.ok) throw new Error(read.message);
  const exported = exportLab(projectionOf(read.session));
  if (!exported.ok) throw new Error(exported.message);
  expect(exported.text).toMatch(/^needs: peer$/m);
  for (const part of [
    '# the peer connects to 127.0.0.1:$port\n',
    '# the peer sends "GET $x \\"\\n#" to a1\n',
    '# the peer ends its stream to a1: close or shutdown(SHUT_WR)\n',
    '# the peer sends "ping" to u1\n      sender1 = u1.recvfrom 100',
    'u1.sendto "pong" $sender1',
    `# the peer is at 127.0.0.1:${chosen[2]}\n`,
  ])
    expect(exported.text).toContain(part);
  const file = join(folder, 'lab.yaml');
  writeFileSync(file, exported.text);

  const alone = await commandLine('run', file);
  expect(alone.code).toBe(0);
  expect(alone.out.trimEnd().split('\n').at(-1)).toMatch(/^0 passed, 0 failed, \d+ skipped$/);
  expect(alone.err).toContain('skipped: it needs a peer outside the bench');

  const again = await withPeer(chosen, () => commandLine('run', '--with-peer', file));
  expect(again.out.trimEnd().split('\n').at(-1), again.err).toMatch(/^\d+ passed, 0 failed, 0 skipped$/);
  expect(again.code).toBe(0);
});
