import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Program } from '../../source/core/model/actors.ts';
import type { Policy } from '../../source/core/model/names.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { exportPython } from '../../source/formats/python/export-python.ts';
import type { Session } from '../../source/formats/session/read-session.ts';
import { askPython, pythonLack, runPython } from '../oracle/python-run.ts';
import { connection, sessionOf } from '../support/line-session.ts';

type Policies = Partial<Record<Program, Policy>>;

const single: Policies = { client: 'single', 'tcp-server': 'single' };

const codeFor = (session: Session): string => {
  const exported = exportPython(projectionOf(session));
  if (!exported.ok) throw new Error(exported.message);
  return exported.text;
};

const codeOf = async (lines: readonly string[], policies: Policies = {}): Promise<string> =>
  codeFor(await sessionOf(lines, policies));

/** What each call came to, in order: its error's class, or its value; `in flight` where it did not end. */
const outcomes = async (code: string): Promise<unknown[]> =>
  [...(await askPython(code)).calls.values()]
    .sort((a, b) => a.call - b.call)
    .map(({ ended, error, value }) => (ended === undefined ? 'in flight' : (error ?? value)));

const localPort = async (): Promise<number> => (await freePort('127.0.0.1'))!;

const python = pythonLack() === null;

describe('the code', () => {
  test('is plain calls of the socket module, a function a thread, with what came of each above it', async () => {
    const code = await codeOf([...connection, 'c1.send "GET /\\r\\n"', 'a1.recv 100 MSG_PEEK'], single);
    expect(code).toMatch(/def client\(call\):\n {4}"""The one thread of the client."""\n/);
    expect(code).toMatch(
      /# [\d.]+ s: 7 <[\d.]+>\n {4}with call\(\d+\) as c:\n {8}c\.value = c1\.send\(b"GET \/\\r\\n"\)/,
    );
    expect(code).toMatch(/def tcp_server\(call\):/);
    expect(code).toContain('c.value = a1.recv(100, socket.MSG_PEEK)');
    expect(code).toContain('a1, c.value = s1.accept()');
  });

  test('has a thread for each thread of the bench', async () => {
    const lines = [...connection, 'c1.send "x"', 'a1.recv 10'];
    expect(await codeOf(lines)).toMatch(/threads\(c1_reader, s1_reader, c1_writer, a1_reader, at_once\)/);
    expect(await codeOf(lines, { client: 'per-socket' })).toContain('def c1_thread(call):');
  });

  test('turns repeated calls into a loop', async () => {
    const lines = Array.from({ length: 6 }, () => ['c1.send "ping"', 'a1.recv 4']).flat();
    const code = await codeOf([...connection, ...lines], single);
    expect(code.match(/c1\.send\(/g)).toHaveLength(1);
    expect(code).toContain('for n in range(6):');
  });

  test('asks for a port that the system chose, and names one that was bound', async () => {
    const code = await codeOf(connection);
    expect(code).toContain('ports[S1] = s1.getsockname()[1]');
    expect(code).toContain('c1.connect(("127.0.0.1", ports[S1]))');
    const port = await localPort();
    const other = await codeOf(['u1 = socket AF_INET SOCK_DGRAM', `u1.bind 127.0.0.1:${port}`]);
    expect(other).toContain(`PORT_1 = ${port} `);
    expect(other).toContain('u1.bind(("127.0.0.1", PORT_1))');
  });

  test('imports what it uses and nothing else', async () => {
    expect(await codeOf(connection)).not.toContain('import struct');
    expect(await codeOf([...connection, 'c1.reset'])).toContain('import struct');
  });
});

describe.skipIf(!python)('python3', () => {
  test('runs a connection, and ends by itself', async () => {
    const lines = ['c1.send "hi"', 'a1.recv 10', 'a1.close', 'c1.recv 10', 'c1.close', 's1.close'];
    const { code, stdout, stderr } = await runPython(await codeOf([...connection, ...lines]), []);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain("a1.recv 10 = b'hi'");
    expect(stdout).toContain("c1.recv 10 = b''");
  });

  test('leaves in flight what the session left in flight', async () => {
    const code = await codeOf([...connection, 'a1.recv 10 & => blocked', 'a1.send "x" & => queued'], single);
    expect((await outcomes(code)).slice(-2)).toEqual(['in flight', 'in flight']);
    expect((await runPython(code, [])).stdout).toContain('a1.recv 10 <unfinished ...>');
  });

  test('is interrupted where the session was: a process a program, and KeyboardInterrupt in the call', async () => {
    const lines = [
      'a1.recv 10 & => blocked',
      'c1.recv 10 & => blocked',
      'cancel a1.recv',
      'a1.send "x"',
      'wait c1.recv',
    ];
    const code = await codeOf([...connection, ...lines], single);
    expect(code).toMatch(/process\(tcp_server, tcp_server_at_once\)/);
    const { calls } = await askPython(code);
    const named = (title: string) => [...calls.values()].find(call => call.title === title);
    expect(named('a1.recv 10')).toMatchObject({ blocked: true, error: 'KeyboardInterrupt' });
    expect(named('c1.recv 10')).toMatchObject({ blocked: true, value: { hex: '78' } });
  });

  test('interrupts two sockets of one program in a process each', async () => {
    const lines = [
      'u1 = socket AF_INET SOCK_DGRAM',
      'u1.bind 127.0.0.1:0',
      'u2 = socket AF_INET SOCK_DGRAM',
      'u2.bind 127.0.0.1:0',
    ];
    const calls = [
      'u1.recvfrom 10 & => blocked',
      'u2.recvfrom 10 & => blocked',
      'cancel u1.recvfrom',
      'cancel u2.recvfrom',
    ];
    const answers = await outcomes(await codeOf([...lines, ...calls]));
    expect(answers.slice(-2)).toEqual(['KeyboardInterrupt', 'KeyboardInterrupt']);
  });

  test('goes through every kind of call', async () => {
    const code = await codeOf([
      ...connection,
      'getservbyname "http" "tcp"',
      'getservbyport 80 "tcp"',
      'getaddrinfo "127.0.0.1" 80 AF_INET',
      'gethostbyaddr "a name" => EAI_NONAME',
      'c1.settimeout 250ms',
      'c1.gettimeout',
      'c1.recv 5 => TimeoutError',
      'c1.settimeout none',
      'c1.setsockopt IPPROTO_TCP TCP_NODELAY 1',
      'c1.getsockopt IPPROTO_TCP TCP_NODELAY',
      'f1 = c1.makefile "rwb"',
      'f2 = a1.makefile "rwb"',
      'f1.write "one\\ntwo"',
      'f1.flush',
      'f2.readline',
      'f2.read 3',
      'c1.sendall 3KiB of "ab"',
      'a1.recv 3KiB MSG_WAITALL',
      'c1.getpeername',
      'c1.shutdown SHUT_WR',
      'f2.read',
      'f1.close',
      'c1.reset',
      'u1 = socket AF_INET SOCK_DGRAM',
      'u1.bind 127.0.0.1:0',
      'there = u1.getsockname',
      'c2 = socket AF_INET SOCK_DGRAM',
      'c2.sendto "ask" $there',
      'u1.recvfrom 100',
      'me = c2.getsockname',
      'u1.sendto "answer" $me',
      'c2.recvfrom 3',
    ]);
    const answers = (await outcomes(code)).slice(connection.length);
    expect(answers.slice(0, 13)).toEqual([
      80,
      'http',
      // For a stream, for datagrams, and raw.
      Array(3).fill(['127.0.0.1', 80]),
      'socket.gaierror',
      null,
      0.25,
      'TimeoutError',
      null,
      null,
      1,
      null,
      null,
      7,
    ]);
    expect(answers.slice(13, 23)).toMatchObject([
      null,
      { hex: Buffer.from('one\n').toString('hex') },
      { hex: Buffer.from('two').toString('hex') },
      null,
      { size: 3072 },
      ['127.0.0.1', expect.any(Number)],
      null,
      { size: 0 },
      null,
      null,
    ]);
    expect(answers.slice(-5)).toMatchObject([
      3,
      { data: { hex: Buffer.from('ask').toString('hex') } },
      ['0.0.0.0', expect.any(Number)],
      6,
      { data: { hex: Buffer.from('ans').toString('hex') } },
    ]);
  });

  test("takes another port where the session's is in use", async () => {
    const port = await localPort();
    const lines = ['s1 = socket AF_INET SOCK_STREAM', `s1.bind 127.0.0.1:${port}`, 's1.listen 1'];
    const code = await codeOf(lines);
    const server = createServer();
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
    const { ports, calls } = await askPython(code);
    await new Promise(resolve => server.close(resolve));
    expect([...ports.keys()]).toEqual([port]);
    expect(ports.get(port)).not.toBe(port);
    expect([...calls.values()].map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
  });

  test.skipIf(process.platform !== 'linux')(
    'waits a minute for a peer from outside, and meets it again',
    async () => {
      const port = await localPort();
      // From another address: one that dials a port which nobody has yet may be given that port, and meet itself.
      const dial = (): Promise<Socket> =>
        new Promise(resolve => {
          const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
          socket.once('connect', () => resolve(socket));
          socket.once('error', () => resolve(dial()));
        });
      const lines = [
        's1 = socket',
        `s1.bind 127.0.0.1:${port}`,
        's1.listen 1',
        's1.accept',
        'a1.recv 9',
        'a1.recv 9',
      ];
      const client = dial().then(socket => socket.end('hello'));
      const code = await codeOf(lines);
      await client;
      expect(code).toContain('it waits 60 s for each of them again');
      expect(code).toMatch(/run\(s1_reader, 4, "s1.accept", limit=60\)/);
      const again = dial().then(socket => socket.end('world'));
      const answers = await outcomes(code);
      await again;
      expect(answers.slice(3)).toMatchObject([
        ['127.0.0.2', expect.any(Number)],
        { hex: Buffer.from('world').toString('hex') },
        { size: 0 },
      ]);
    },
  );

  test('has nothing to do for a session without calls', async () => {
    expect(await outcomes(await codeOf(['# nothing']))).toEqual([]);
  });
});
