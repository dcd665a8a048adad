import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { portAt } from '../../source/core/addresses/endpoint.ts';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { reasonsOf } from '../../source/core/waits/waits.ts';
import { nativeSockets } from '../../source/drivers/native/native-socket.ts';
import { type Calling, calling } from '../support/calling.ts';
import { certificates } from '../support/certificates.ts';

const here = typeof nativeSockets() !== 'string';

const files = certificates();
afterAll(files.dispose);

let bench: Calling;
beforeEach(() => {
  bench = calling();
});
afterEach(() => bench.bench.dispose());

const listening = async (wrap = ''): Promise<number> => {
  await bench.call('s1 = socket AF_INET SOCK_STREAM');
  await bench.call('s1.bind 127.0.0.1:0');
  await bench.call('s1.listen 5');
  if (wrap !== '') expect(await bench.call(`s1.wrap ${wrap}`)).toMatchObject({ kind: 'none' });
  return Number(portAt(bench.socket('s1')?.local));
};

const connected = async (port: number): Promise<void> => {
  await bench.call('c1 = socket AF_INET SOCK_STREAM');
  await bench.call(`c1.connect 127.0.0.1:${port}`);
};

const ended = (): EndedEntry[] => {
  bench.bench.flush();
  const { journal } = bench.bench;
  return [...journal.slice(1, journal.last())].filter(entry => entry.kind === 'ended');
};

const inFlight = (): string[] => {
  bench.bench.flush();
  return [...bench.bench.state().calls.values()].map(({ call }) => `${call.on}.${call.name}`);
};

describe.runIf(here)('a wrapped listener', () => {
  it('has what it accepts wrapped, by a call of its own', async () => {
    const port = await listening('server alpn "http/1.1"');
    expect(bench.socket('s1')?.tls).toMatchObject({ facts: null, settings: { alpn: ['http/1.1'] } });
    await connected(port);
    await bench.call('a1 = s1.accept');
    expect(inFlight()).toEqual(['a1.wrap']);
    const wrapped = await bench.call(
      'c1.wrap client server_hostname "localhost" alpn "h2,http/1.1" insecure',
    );
    expect(wrapped).toMatchObject({ kind: 'none', tls: { alpn: 'http/1.1', verified: false, verify: 18 } });
    await bench.call('c1.sendall "hello"');
    expect(await bench.receive('a1', 5)).toEqual(Buffer.from('hello'));
    expect(bench.socket('a1')?.tls?.facts).toMatchObject({ side: 'server', sni: 'localhost', made: true });
    expect(bench.socket('c1')).toMatchObject({ sent: 5, tls: { wire: { given: expect.any(Number) } } });
  });

  it('shows a client that says nothing as blocked in its handshake, and who is to act', async () => {
    const port = await listening('server');
    await connected(port);
    await bench.call('a1 = s1.accept');
    await expect.poll(inFlight).toEqual(['a1.wrap']);
    const reasons = [...reasonsOf(bench.bench.state()).values()];
    expect(reasons).toEqual([{ kind: 'person', on: 'c1', act: 'send' }]);
    await bench.call('c1.close');
    await expect
      .poll(() => ended().at(-1))
      .toMatchObject({ call: { name: 'close', on: 'a1' }, looped: true });
    const failed = ended().find(({ call }) => call.name === 'wrap' && call.on === 'a1');
    expect(failed?.outcome).toMatchObject({ kind: 'error', code: 'SSL_EOF' });
  });

  it('that gets plain HTTP says so', async () => {
    const port = await listening('server');
    await connected(port);
    await bench.call('a1 = s1.accept');
    await bench.call('c1.sendall "GET / HTTP/1.1\\r\\n\\r\\n"');
    await expect
      .poll(() => ended().find(({ call }) => call.name === 'wrap' && call.on === 'a1')?.outcome)
      .toMatchObject({ kind: 'error', code: 'SSL', detail: 'http request' });
  });

  it.each([
    ['certfile "/no/such/file.pem"', 'ENOENT', /no\/such\/file/],
    [`certfile "${files.good.cert}" keyfile "${files.other.key}"`, 'SSL', /is not the key of/],
    [`certfile "${files.good.cert}"`, 'SSL', /good\.pem" holds no private key/],
    [`certfile "${files.good.key}" keyfile "${files.good.key}"`, 'SSL', /good\.key" holds no certificate/],
    ['certfile "/dev/zero"', 'VALUE', /is no regular file/],
  ])('with %s is refused at once, and listens on in the clear', async (settings, code, detail) => {
    await listening();
    const refused = await bench.call(`s1.wrap server ${settings}`);
    expect(refused).toMatchObject({ kind: 'error', code, detail: expect.stringMatching(detail) });
    expect(bench.socket('s1')).toMatchObject({ closed: false, condition: 'LISTEN' });
    expect(bench.socket('s1')).not.toHaveProperty('tls');
  });
});

describe.runIf(here)('a wrap', () => {
  it("takes the receive loop's call back, which goes on over TLS", async () => {
    await bench.bench.dispose();
    bench = calling({ accept: true, receive: true });
    const port = await listening('server');
    await connected(port);
    await expect.poll(inFlight).toContain('c1.recv');
    await bench.call('c1.wrap client server_hostname "localhost" insecure');
    await expect.poll(inFlight).toEqual(expect.arrayContaining(['c1.recv', 'a1.recv', 's1.accept']));
    await bench.call('a1.sendall "hi"');
    await expect.poll(() => bench.socket('c1')?.received).toBe(2);
    await bench.call('c1.close');
    await expect.poll(() => bench.socket('a1')?.closed).toBe(true);
  });

  it('that is not done in time is over, and so is its socket', async () => {
    const port = await listening();
    await connected(port);
    await bench.call('c1.settimeout 50ms');
    const late = await bench.call('c1.wrap client server_hostname "localhost" insecure');
    expect(late).toMatchObject({ kind: 'error', code: 'TIMEOUT' });
    expect(await bench.call('c1.send "x"')).toMatchObject({ kind: 'error', code: 'EBADF' });
  });

  it('of a peer that answers in the clear says so', async () => {
    const server = net
      .createServer(socket => socket.on('error', () => {}).end('220 hello\r\n'))
      .listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    await connected((server.address() as net.AddressInfo).port);
    const refused = await bench.call('c1.wrap client server_hostname "localhost" insecure');
    expect(refused).toMatchObject({ kind: 'error', code: 'SSL', detail: 'wrong version number' });
    server.close();
  });

  it.each([
    ['c1.wrap client', 'VALUE', 'check_hostname requires server_hostname'],
    ['c1.wrap server server_hostname "x"', 'VALUE', 'server_hostname can only be specified in client mode'],
  ])('%s is refused as Python refuses it, and nothing is lost', async (line, code, detail) => {
    const port = await listening();
    await connected(port);
    expect(await bench.call(line)).toEqual({ kind: 'error', code, detail });
    expect(await bench.call('c1.send "x"')).toMatchObject({ kind: 'count', count: 1 });
  });

  it('of what is not connected, or carries datagrams, is refused', async () => {
    await bench.call('c1 = socket AF_INET SOCK_STREAM');
    await bench.call('u1 = socket AF_INET SOCK_DGRAM');
    expect(await bench.call('c1.wrap client insecure')).toMatchObject({ code: 'ENOTCONN' });
    expect(await bench.call('u1.wrap client insecure')).toMatchObject({ code: 'NOT_IMPLEMENTED' });
  });

  it("happens once; then flags and datagram calls are what Python's SSLSocket refuses", async () => {
    const port = await listening('server');
    await connected(port);
    await bench.call('a1 = s1.accept');
    await bench.call('c1.wrap client insecure');
    expect(await bench.call('c1.wrap client insecure')).toMatchObject({
      code: 'VALUE',
      detail: 'c1 is wrapped already',
    });
    const refusals = ['c1.recv 1 MSG_PEEK', 'c1.recvfrom 1', 'c1.sendto "x" 127.0.0.1:1'];
    for (const line of refusals) expect(await bench.call(line)).toMatchObject({ code: 'VALUE' });
    await bench.call('c1.settimeout 0');
    expect(await bench.call('c1.recv 1')).toMatchObject({ code: 'SSL_WANT_READ' });
  });

  it('shows what is decrypted and not yet received as held in user space', async () => {
    const port = await listening('server');
    await connected(port);
    await bench.call('a1 = s1.accept');
    await bench.call('c1.wrap client insecure');
    await bench.call('c1.sendall "hello world"');
    await bench.receive('a1', 5);
    expect(bench.socket('a1')?.tls?.wire.held).toBe(6);
    await bench.receive('a1', 6);
    expect(bench.socket('a1')?.tls?.wire.held).toBe(0);
  });

  it('with a file object reads and writes through it', async () => {
    const port = await listening('server');
    await connected(port);
    await bench.call('a1 = s1.accept');
    await bench.call('c1.wrap client insecure');
    await bench.call('f1 = a1.makefile');
    await bench.call('c1.sendall "one\\ntwo\\n"');
    expect(await bench.call('f1.readline')).toMatchObject({ data: Buffer.from('one\n') });
    await bench.call('f1.write "three\\n"');
    await bench.call('f1.flush');
    expect(await bench.receive('c1', 6)).toEqual(Buffer.from('three\n'));
  });
});

describe.runIf(here)('SSLKEYLOGFILE', () => {
  const folder = mkdtempSync(join(files.folder, 'log-'));
  const path = join(folder, 'keys.log');
  const before = process.env.SSLKEYLOGFILE;
  afterAll(() => {
    if (before === undefined) delete process.env.SSLKEYLOGFILE;
    else process.env.SSLKEYLOGFILE = before;
    rmSync(folder, { recursive: true, force: true });
  });

  it('gets the secrets of every connection', async () => {
    process.env.SSLKEYLOGFILE = path;
    writeFileSync(path, '');
    const port = await listening('server');
    await connected(port);
    await bench.call('a1 = s1.accept');
    await bench.call('c1.wrap client insecure');
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(path, 'utf8')).toMatch(/^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]{96}$/m);
  });
});
