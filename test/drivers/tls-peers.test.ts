import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { portAt } from '../../source/core/addresses/endpoint.ts';
import { nativeSockets } from '../../source/drivers/native/native-socket.ts';
import { socketLines } from '../../source/ui/panes/socket-rows.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { type Peer, startPeer } from '../e2e/foreign.ts';
import { type Calling, calling } from '../support/calling.ts';
import { certificates } from '../support/certificates.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** Without koffi there is no TLS, and another test says what is said then. */
const here = hasOpenssl && typeof nativeSockets() !== 'string';

const files = certificates();
afterAll(files.dispose);

let bench: Calling;
let peer: Peer | undefined;
beforeEach(() => {
  bench = calling();
});
afterEach(async () => {
  await bench.bench.dispose();
  await peer?.stop('SIGKILL');
  peer = undefined;
});

/** 1 MiB without a line's end: in front of one s_server and s_client read commands. */
const payload = Buffer.from('0123456789abcdef'.repeat(65_536));

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const sendAll = (name: string, data: Uint8Array) =>
  bench.call({ name: 'sendall', on: name, data: { kind: 'literal', data, notation: 'text' } });

/** What the peer has printed of the payload. */
const printed = async (from: Peer): Promise<Buffer> => {
  await from.until(/<<[0-9a-f]{1048576}>>/);
  return Buffer.from(/<<([0-9a-f]+)>>/.exec(from.output())![1]!);
};

/** What the screen's row says of a socket and its call. */
const rowOf = (name: string): string => {
  const socket = bench.socket(name)!;
  const state = bench.bench.state();
  const context = { bench: state, now: state.t, width: 90, theme: themeFor(false), keys: null };
  return socketLines(socket, false, 'full', context)
    .map(line => line.map(({ text }) => text).join(''))
    .join('\n');
};

const versions = [
  ['TLSv1.2', '-tls1_2'],
  ['TLSv1.3', '-tls1_3'],
] as const;

/** A client of the bench's, connected to openssl's server, and wrapped. */
const toServer = async (version: string, flag: string): Promise<Peer> => {
  const server = startPeer('openssl', [
    's_server',
    ...[
      '-accept',
      '127.0.0.1:0',
      flag,
      '-alpn',
      'http/1.1',
      '-cert',
      files.good.cert,
      '-key',
      files.good.key,
    ],
  ]);
  peer = server;
  const [, port] = await server.until(/ACCEPT 127\.0\.0\.1:(\d+)/);
  await bench.call('c1 = socket AF_INET SOCK_STREAM');
  await bench.call(`c1.connect 127.0.0.1:${port}`);
  const wrapped = await bench.call(
    `c1.wrap client server_hostname "localhost" cafile "${files.ca}" alpn "h2,http/1.1"`,
  );
  expect(wrapped).toMatchObject({
    kind: 'none',
    tls: {
      version,
      alpn: 'http/1.1',
      sni: 'localhost',
      verified: true,
      chain: [{ subject: 'CN=localhost' }],
    },
  });
  return server;
};

/** openssl's client, connected to a listener of the bench's, accepted and wrapped. */
const fromClient = async (version: string, flag: string): Promise<Peer> => {
  await bench.call('s1 = socket AF_INET SOCK_STREAM');
  await bench.call('s1.bind 127.0.0.1:0');
  await bench.call('s1.listen 5');
  const port = portAt(bench.socket('s1')?.local);
  const client = startPeer('openssl', [
    's_client',
    ...['-connect', `127.0.0.1:${port}`, flag, '-CAfile', files.ca, '-verify_return_error'],
    ...['-servername', 'localhost', '-quiet', '-no_ign_eof'],
  ]);
  peer = client;
  await bench.call('a1 = s1.accept');
  const wrapped = await bench.call(
    `a1.wrap server certfile "${files.good.cert}" keyfile "${files.good.key}"`,
  );
  expect(wrapped).toMatchObject({ kind: 'none', tls: { side: 'server', version, sni: 'localhost' } });
  return client;
};

describe.runIf(here).each(versions)('with openssl, %s', (version, flag) => {
  it('1 MiB goes to its server and comes back as it was', async () => {
    const server = await toServer(version, flag);
    await sendAll('c1', Buffer.concat([Buffer.from('<<'), payload, Buffer.from('>>')]));
    expect(digest(await printed(server))).toBe(digest(payload));
    server.say(payload.toString());
    expect(digest(await bench.receive('c1', payload.length))).toBe(digest(payload));
    const { sent = 0, received = 0, tls } = bench.socket('c1') ?? {};
    expect([sent, received]).toEqual([payload.length + 4, payload.length]);
    // Each record of at most 16 KiB brings a header and what authenticates it.
    expect(tls?.wire.given).toBeGreaterThan(sent + 64 * 20);
    expect(tls?.wire.taken).toBeGreaterThan(received + 64 * 20);
  });

  it('1 MiB goes to its client and comes back as it was', async () => {
    const client = await fromClient(version, flag);
    await sendAll('a1', Buffer.concat([Buffer.from('<<'), payload, Buffer.from('>>')]));
    expect(digest(await printed(client))).toBe(digest(payload));
    client.say(payload.toString());
    expect(digest(await bench.receive('a1', payload.length))).toBe(digest(payload));
  });

  it('its server hears of a half-close, and ends TLS as well', async () => {
    const server = await toServer(version, flag);
    expect(await bench.call('c1.shutdown SHUT_WR')).toEqual({ kind: 'none' });
    expect(await bench.call('c1.recv 10')).toMatchObject({ kind: 'data', ending: 'close_notify' });
    await server.until(/^DONE$/m);
    expect(await bench.call('c1.send "x"')).toMatchObject({ kind: 'error', code: 'EPIPE' });
  });

  it('its server hears of a reset', async () => {
    const server = await toServer(version, flag);
    await bench.call('c1.reset');
    await server.until(/^ERROR$/m);
  });

  it('its client hears of a half-close, and ends TLS as well', async () => {
    const client = await fromClient(version, flag);
    expect(await bench.call('a1.shutdown SHUT_WR')).toEqual({ kind: 'none' });
    expect(await client.exited).toBe(0);
    expect(await bench.receive('a1', 1)).toHaveLength(0);
  });

  it('its client hears of a reset', async () => {
    const client = await fromClient(version, flag);
    await bench.call('a1.reset');
    await client.until(/errno=104|Connection reset/);
    expect(await client.exited).not.toBe(0);
  });

  it('its client that is killed leaves a stream which TLS did not end', async () => {
    const client = await fromClient(version, flag);
    await client.stop('SIGKILL');
    // A reset where it had not read all that it was sent.
    expect(await bench.call('a1.recv 10')).toMatchObject({
      kind: 'data',
      ending: expect.stringMatching(/^(fin|reset)$/),
    });
  });
});

describe.runIf(here)('an openssl server', () => {
  const serving = async (args: readonly string[], version = '-tls1_3'): Promise<void> => {
    const server = startPeer('openssl', ['s_server', '-accept', '127.0.0.1:0', version, ...args]);
    peer = server;
    const [, port] = await server.until(/ACCEPT 127\.0\.0\.1:(\d+)/);
    await bench.call('c1 = socket AF_INET SOCK_STREAM');
    await bench.call(`c1.connect 127.0.0.1:${port}`);
  };
  const pair = ({ cert, key }: { cert: string; key: string }) => ['-cert', cert, '-key', key];

  it.each([
    ['that has expired', files.expired, 'localhost', 10],
    ['for another name', files.other, 'localhost', 62],
    ['for another address', files.other, '127.0.0.1', 64],
    ['that has signed itself', files.own, 'localhost', 18],
  ])('with a certificate %s is refused, and the socket is closed with it', async (_, shown, name, verify) => {
    await serving(pair(shown));
    const wrapped = await bench.call(`c1.wrap client server_hostname "${name}" cafile "${files.ca}"`);
    expect(wrapped).toMatchObject({ kind: 'error', code: 'SSL_CERT', verify });
    await peer!.until(/alert/);
    expect(await bench.call('c1.send "x"')).toMatchObject({ kind: 'error', code: 'EBADF' });
  });

  it('is not looked at where that is asked for', async () => {
    await serving(pair(files.own));
    const wrapped = await bench.call('c1.wrap client server_hostname "localhost" insecure');
    expect(wrapped).toMatchObject({ kind: 'none', tls: { verified: false, verify: 18 } });
  });

  it('gets the certificate of a client', async () => {
    await serving([...pair(files.good), '-Verify', '1', '-CAfile', files.ca, '-verify_return_error']);
    const { cert, key } = files.client;
    const wrapped = await bench.call(
      `c1.wrap client server_hostname "localhost" cafile "${files.ca}" certfile "${cert}" keyfile "${key}"`,
    );
    expect(wrapped).toMatchObject({ kind: 'none' });
    await peer!.until(/CN ?= ?client/);
  });

  it('that asks for a certificate says so to the first receive of a client without one', async () => {
    await serving([...pair(files.good), '-Verify', '1', '-CAfile', files.ca, '-verify_return_error']);
    await bench.call(`c1.wrap client server_hostname "localhost" cafile "${files.ca}"`);
    const received = await bench.call('c1.recv 10');
    expect(received).toMatchObject({
      kind: 'error',
      code: 'SSL',
      detail: expect.stringMatching(/certificate required/),
    });
  });

  it('sends tickets that a receive takes and waits on', async () => {
    await serving(pair(files.good));
    await bench.call(`c1.wrap client server_hostname "localhost" cafile "${files.ca}"`);
    const received = bench.call('c1.recv 10');
    await expect.poll(() => bench.socket('c1')?.tls?.tickets, { timeout: 20_000 }).toBeGreaterThan(400);
    expect([...bench.bench.state().calls.values()].map(({ call }) => call.name)).toContain('recv');
    expect(rowOf('c1')).toMatch(
      /recv 10 .*BLOCKED.*\n {4}took a ticket, waits on for 127\.0\.0\.1:\d+ to send/,
    );
    peer!.say('hello');
    expect(await received).toMatchObject({ kind: 'data', data: Buffer.from('hello\n') });
    // The next one has taken none.
    void bench.call('c1.recv 10');
    await expect
      .poll(() => rowOf('c1'), { timeout: 20_000 })
      .toMatch(/recv 10 .*BLOCKED.*\n {4}waits for 127/);
  });
});
