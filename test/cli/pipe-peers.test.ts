import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { available } from '../drivers/native.ts';
import { ensureBuilt, start as startTerminal } from '../e2e/terminal.ts';
import { sizeOf } from '../support/sizes.ts';
import { unixListening } from '../support/unix-listening.ts';
import {
  builtWithoutKoffi,
  hasProgram,
  type Piped,
  pipe,
  placeOf,
  pythonPeer,
  startProgram,
  temporaryFolder,
} from './piping.ts';

/** Programs of others at the other end of a pipe, each where it is installed. */
beforeAll(ensureBuilt);

const onUnix = process.platform !== 'win32';
const lacksNcat = !hasProgram('ncat');
const lacksSocat = !hasProgram('socat', '-V');
const lacksRedis = !hasProgram('redis-server');

/** Threads of its own for both directions: an echo that reads only while it does not write would hang. */
const echo = `
import queue, socket, threading
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
a, _ = s.accept()
pieces = queue.Queue(16)
def send():
    while piece := pieces.get(): a.sendall(piece)
    a.shutdown(socket.SHUT_WR)
thread = threading.Thread(target=send)
thread.start()
while piece := a.recv(1 << 18): pieces.put(piece)
pieces.put(b'')
thread.join()
`;

const block = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 2654435761) >>> 13));

/** Writes so many MiB, each told apart by its number, waiting where the pipe is full; answers their digest. */
const feed = async ({ child }: Piped, mebibytes: number): Promise<string> => {
  const hash = createHash('sha256');
  for (let number = 0; number < mebibytes; number++) {
    const piece = Buffer.from(block);
    piece.writeUInt32LE(number);
    hash.update(piece);
    await new Promise<void>(resolve => child.stdin!.write(piece, () => resolve()));
  }
  child.stdin!.end();
  return hash.digest('hex');
};

const digestOut = async ({ child }: Piped): Promise<{ readonly size: number; readonly digest: string }> => {
  child.stdout!.removeAllListeners('data');
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of child.stdout!) {
    hash.update(piece as Buffer);
    size += (piece as Buffer).length;
  }
  return { size, digest: hash.digest('hex') };
};

/** The most that was ever resident, in KiB (proc(5)); 0 once it has ended. */
const peak = ({ child }: Piped): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** Through an echo and back: digests are equal, and memory does not go with the size. */
const throughEcho = async (piped: Piped, mebibytes: number): Promise<void> => {
  const [sent, received] = await Promise.all([feed(piped, mebibytes), digestOut(piped)]);
  expect(received).toEqual({ size: mebibytes << 20, digest: sent });
  expect(await piped.ended).toBe(0);
};

describe.runIf(onUnix)('bytes both ways', () => {
  test('come back whole, and their number makes no difference to the memory', async () => {
    const server = await pythonPeer(echo);
    const piped = pipe(['--quiet', '127.0.0.1', server.port]);
    let most = 0;
    if (process.platform === 'linux')
      piped.child.stdout!.on('readable', () => {
        most = Math.max(most, peak(piped));
      });
    await throughEcho(piped, sizeOf('MiB each way through a pipe'));
    if (process.platform === 'linux') expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(256 << 10);
  });

  test('do so without koffi', async () => {
    const folder = builtWithoutKoffi();
    const doctor = startProgram(process.execPath, [join(folder, 'bin/sockbench.cjs'), 'doctor']);
    await doctor.ended;
    expect(doctor.out().toString()).toContain('koffi is not installed');
    const server = await pythonPeer(echo);
    await throughEcho(pipe(['127.0.0.1', server.port], 'pipe', folder), 16);
    const listener = pipe(['-u', '-l', '127.0.0.1:0', '-q', '50ms'], ['ignore', 'pipe', 'pipe'], folder);
    const sender = pipe(['-u', '-q', '0', await placeOf(listener)], 'pipe', folder);
    sender.child.stdin!.end('a datagram');
    await listener.printed(/a datagram/);
    expect(await Promise.all([sender.ended, listener.ended])).toEqual([0, 0]);
    const path = join(folder, 'u');
    const unixServer = pipe(['-l', `unix:${path}`], ['ignore', 'pipe', 'pipe'], folder);
    await placeOf(unixServer);
    const client = pipe([`unix:${path}`], 'pipe', folder);
    client.child.stdin!.end('over a Unix socket');
    expect(await Promise.all([client.ended, unixServer.ended])).toEqual([0, 0]);
    expect(unixServer.out().toString()).toBe('over a Unix socket');
    const refused = pipe(['-u', `unix:${path}`], 'pipe', folder);
    expect(await refused.ended).toBe(1);
    expect(refused.err()).toContain(
      'Node has no datagrams for Unix sockets: the optional package koffi is not installed',
    );
  });
});

describe.runIf(onUnix)('datagrams', () => {
  test('one read is one datagram, both ways', async () => {
    const server = await pythonPeer(`
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 0))
print('listening', u.getsockname()[1], flush=True)
while True:
    data, sender = u.recvfrom(65536)
    print('got', data, flush=True)
    u.sendto(b'<' + data + b'>', sender)
`);
    const piped = pipe(['-u', '127.0.0.1', server.port, '-q', '50ms']);
    for (const piece of ['one', 'two\ntwo', 'three']) {
      piped.child.stdin!.write(piece);
      await piped.printed(new RegExp(`<${piece}>`));
    }
    piped.child.stdin!.end();
    expect(await piped.ended).toBe(0);
    expect(piped.out().toString()).toBe('<one><two\ntwo><three>');
    expect(server.out().toString()).toContain("got b'one'\ngot b'two\\ntwo'\ngot b'three'\n");
  });

  test('to a port where nobody is: 1, as the machine there says', async () => {
    const server = await pythonPeer(`
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 0))
print('listening', u.getsockname()[1], flush=True)`);
    await server.ended;
    const piped = pipe(['-u', `127.0.0.1:${server.port}`]);
    piped.child.stdin!.write('hello');
    expect(await piped.ended).toBe(1);
    expect(piped.err()).toMatch(/ECONNREFUSED/);
  });

  test.skipIf(!available)('of Unix sockets are answered, too: the client has a name', async () => {
    const path = join(temporaryFolder(), 'u');
    const listener = pipe(['-u', '--listen', `unix:${path}`, '-q', '0']);
    expect(await placeOf(listener)).toBe(`unix:${path}`);
    const client = pipe(['-u', `unix://${path}`]);
    client.child.stdin!.write('there');
    await listener.printed(/there/);
    listener.child.stdin!.end('and back');
    await client.printed(/and back/);
    expect(await listener.ended).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test.skipIf(lacksSocat || !available)(
    'of socat UNIX-SENDTO, which has no name, are read only',
    async () => {
      const path = join(temporaryFolder(), 'u');
      const piped = pipe(['-u', '--listen', `unix:${path}`]);
      await placeOf(piped);
      startProgram('socat', ['-u', '-', `UNIX-SENDTO:${path}`]).child.stdin!.end('hello');
      await piped.printed(/hello/);
      piped.child.stdin!.write('an answer');
      expect(await piped.ended).toBe(1);
      expect(piped.err()).toContain('has no name: nothing can be sent to it');
    },
  );
});

describe.runIf(onUnix)('ncat', () => {
  test.skipIf(lacksNcat)('-l reads what is piped, half-closes, and is answered', async () => {
    const listener = pipe(['-l', '0']);
    const [host = '', port = ''] = (await placeOf(listener)).split(':');
    const ncat = startProgram('ncat', [host, port]);
    ncat.child.stdin!.end('from ncat');
    await listener.printed(/from ncat/);
    listener.child.stdin!.end('from here');
    expect(await Promise.all([listener.ended, ncat.ended])).toEqual([0, 0]);
    expect(ncat.out().toString()).toBe('from here');
  });

  test.skipIf(lacksNcat || !available)('-lU on a Unix socket', async () => {
    const path = join(temporaryFolder(), 'u');
    const ncat = startProgram('ncat', ['-lU', path]);
    await unixListening(path);
    const piped = pipe([`unix:${path}`]);
    piped.child.stdin!.write('over a Unix socket');
    await ncat.printed(/over a Unix socket/);
    // Before the end of what it is sent: ncat -l is over then, whatever its own standard input has.
    ncat.child.stdin!.write('and back');
    await piped.printed(/and back/);
    piped.child.stdin!.end();
    expect(await Promise.all([piped.ended, ncat.ended])).toEqual([0, 0]);
  });
});

describe.runIf(onUnix)('socat', () => {
  test.skipIf(lacksSocat || !available)('UNIX-LISTEN', async () => {
    const path = join(temporaryFolder(), 'u');
    startProgram('socat', [`UNIX-LISTEN:${path}`, 'EXEC:cat']);
    await unixListening(path);
    const piped = pipe([`unix:${path}`]);
    piped.child.stdin!.end('there and back');
    expect(await piped.ended).toBe(0);
    expect(piped.out().toString()).toBe('there and back');
  });
});

describe.runIf(onUnix)('TLS', () => {
  test.skipIf(!available)('goes both ways, each to its own end, behind a certificate made here', async () => {
    const listener = pipe(['--listen', 'tls://127.0.0.1:0']);
    const place = await placeOf(listener);
    expect(place).toMatch(/^tls:\/\/127\.0\.0\.1:\d+$/);
    const client = pipe(['--insecure', place]);
    listener.child.stdin!.end('and back');
    const [sent, received] = await Promise.all([feed(client, 4), digestOut(listener)]);
    expect(received).toEqual({ size: 4 << 20, digest: sent });
    expect(await Promise.all([listener.ended, client.ended])).toEqual([0, 0]);
    expect(client.out().toString()).toBe('and back');
  });

  test.skipIf(!available)(
    'with a certificate that nobody vouches for is 1, and nothing is sent',
    async () => {
      const listener = pipe(['--listen', 'tls://127.0.0.1:0']);
      const client = pipe([await placeOf(listener)]);
      client.child.stdin!.end('a secret');
      expect(await client.ended).toBe(1);
      expect(client.err()).toMatch(/certificate/);
      expect(await listener.ended).toBe(1);
      expect(listener.out().length).toBe(0);
    },
  );
});

describe.runIf(onUnix)('redis', () => {
  test.skipIf(lacksRedis || !available)('answers a PING on its socket', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'r');
    startProgram('redis-server', ['--port', '0', '--unixsocket', path, '--save', '', '--dir', folder]);
    await unixListening(path);
    const piped = pipe([`unix:${path}`]);
    piped.child.stdin!.end('PING\r\nQUIT\r\n');
    expect(await piped.ended).toBe(0);
    expect(piped.out().toString()).toBe('+PONG\r\n+OK\r\n');
  });
});

describe.runIf(onUnix)('a terminal', () => {
  test('is shown what would control it escaped; what is typed is sent line by line, and Ctrl-D ends it', async () => {
    const server = await pythonPeer(`
import socket
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
a, _ = s.accept()
a.sendall(b'red \\x1b[31m\\xe2\\x80\\xae\\ttab\\r\\nnext\\r\\n')
print('got', a.recv(65536), flush=True)
a.sendall(b'bye'); a.shutdown(socket.SHUT_WR)
print('end', a.recv(65536), flush=True)
`);
    const terminal = startTerminal({ args: ['pipe', '127.0.0.1', server.port] });
    await terminal.until(/red \\x1b\[31m\\u\{202e\} +tab\nnext/);
    terminal.type('typed\r');
    await server.printed(/got b'typed\\n'/);
    await terminal.until(/bye.*the peer sends no more; the end of what you type ends this side/);
    terminal.type('\x04');
    await server.printed(/end b''/);
    expect(await terminal.exited).toBe(0);
    await terminal.dispose();
  });
});
