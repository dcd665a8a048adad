import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { available } from '../drivers/native.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { certificates } from '../support/certificates.ts';
import { hasNginx, startNginx } from './nginx.ts';
import { hasProgram, type Piped, pythonPeer, startProgram, temporaryFolder } from './piping.ts';

/** Relays with TLS on one side or both, between programs of others. */
beforeAll(ensureBuilt);

const files = certificates();
afterAll(files.dispose);

const trusting = ['--ca', files.ca];
const own = ['--cert', files.good.cert, '--key', files.good.key];

const relay = (...args: string[]): Piped =>
  startProgram(
    process.execPath,
    [join(projectFolder, 'bin/sockbench.cjs'), 'relay', '--no-screen', ...args],
    'pipe',
    { ...process.env, NODE_COMPILE_CACHE: '' },
  );

const portOf = async (started: Piped): Promise<string> =>
  (await started.told(/^sockbench relay: listening on (?:tls:\/\/)?127\.0\.0\.1:(\d+), /m))[1]!;

/** 1 MiB in which every byte differs from its neighbours, as Python and as we make it. */
const payload = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 2654435761) >>> 13));
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const whole = digest(payload);

const hasPython = hasProgram('python3');

const python = `
import hashlib, socket, ssl, struct, sys, threading
payload = bytes((i * 2654435761 >> 13) & 255 for i in range(1 << 20))
def read(sock):
    pieces = []
    while piece := sock.recv(65536): pieces.append(piece)
    return b''.join(pieces)
def digest(data): return hashlib.sha256(data).hexdigest()
def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    sock.close()
def stateOf(sock): return {7: 'CLOSE', 8: 'CLOSE-WAIT'}.get(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0])
`;

/** What Python says of a reset: of TLS that it is an EOF too soon, so that the state tells it from a FIN (tcp(7), TCP_INFO). */
const wasReset = /failed (?:ConnectionResetError|SSLEOFError) CLOSE$/m;

/** A server in Python that does this with its one connection `c`: of TLS where it is `wrapped`, else in the clear. */
const server = (wrapped: boolean, serve: string) => {
  const { cert, key } = files.good;
  const wrap = `context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(${JSON.stringify(cert)}, ${JSON.stringify(key)})
c = context.wrap_socket(c, server_side=True, suppress_ragged_eofs=False)`;
  return pythonPeer(`${python}
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
c, _ = s.accept()
${wrapped ? wrap : ''}
try:
${serve.replace(/^/gm, '    ')}
except OSError as error:
    print('failed', type(error).__name__, stateOf(c), flush=True)`);
};

/** A client in Python, connected there as `c`. */
const client = (port: string, wrapped: boolean, act: string): Piped => {
  const wrap = `context = ssl.create_default_context(cafile=${JSON.stringify(files.ca)})
    c = context.wrap_socket(c, server_hostname='localhost', suppress_ragged_eofs=False)`;
  return startProgram('python3', [
    '-c',
    `${python}
try:
    c = socket.create_connection(('127.0.0.1', ${port}))
    ${wrapped ? wrap : ''}
${act.replace(/^/gm, '    ')}
except OSError as error:
    print('failed', type(error).__name__, stateOf(c), flush=True)`,
  ]);
};

/** Sends 1 MiB while it reads; `end` ends the sending. */
const bothWays = (end: string): string => `
sender = threading.Thread(target=lambda: (c.sendall(payload), ${end}))
sender.start()
data = read(c)
sender.join()
print('read', len(data), digest(data), flush=True)`;

describe.runIf(available && hasPython)('a relay to tls://', () => {
  test('passes on 1 MiB each way at once, and the half-close: the server still answers behind it', async () => {
    const target = await server(
      true,
      `${bothWays('None')}\nc.sendall(digest(data).encode())\nc.unwrap()\nc.close()`,
    );
    const port = await portOf(relay('127.0.0.1:0', `tls://localhost:${target.port}`, ...trusting));
    const peer = client(port, false, bothWays('c.shutdown(socket.SHUT_WR)'));
    await target.printed(new RegExp(`read 1048576 ${whole}`));
    const answered = digest(Buffer.concat([payload, Buffer.from(whole)]));
    await peer.printed(new RegExp(`read ${payload.length + 64} ${answered}`));
    expect(await peer.ended).toBe(0);
  });

  test('carries a reset on, from either side', async () => {
    const heard = await server(true, "c.sendall(b'up')\nprint(c.recv(100), flush=True)");
    const port = await portOf(relay('127.0.0.1:0', `tls://localhost:${heard.port}`, ...trusting));
    client(port, false, 'c.recv(100)\nreset(c)');
    await heard.printed(wasReset);

    const resetting = await server(true, 'c.recv(100)\nreset(c)');
    const other = await portOf(relay('127.0.0.1:0', `tls://localhost:${resetting.port}`, ...trusting));
    const peer = client(other, false, "c.sendall(b'up')\nprint(c.recv(100), flush=True)");
    await peer.printed(wasReset);
  });

  test('tells its client by a reset of a certificate that nobody trusts, and of a target in the clear', async () => {
    const untrusted = await server(true, 'c.recv(100)');
    const started = relay('127.0.0.1:0', `tls://localhost:${untrusted.port}`);
    const peer = client(await portOf(started), false, 'print(c.recv(100), flush=True)');
    await peer.printed(wasReset);
    await started.told(/the target: .*certificate/);

    const clear = await server(false, "c.sendall(b'220 ready\\r\\n')\nc.recv(100)");
    const plain = relay('127.0.0.1:0', `tls://localhost:${clear.port}`, ...trusting);
    const second = client(await portOf(plain), false, 'print(c.recv(100), flush=True)');
    await second.printed(wasReset);
    await plain.told(/the target: /);
  });

  test('keeps for a target whose handshake comes late what the client has sent meanwhile', async () => {
    const late = await pythonPeer(`${python}
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
c, _ = s.accept()
print('accepted', flush=True)
sys.stdin.readline()
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(${JSON.stringify(files.good.cert)}, ${JSON.stringify(files.good.key)})
c = context.wrap_socket(c, server_side=True)
print('read', c.recv(100), flush=True)`);
    const port = await portOf(relay('127.0.0.1:0', `tls://localhost:${late.port}`, ...trusting));
    const peer = client(port, false, "c.sendall(b'early')\nprint('sent', flush=True)\nread(c)");
    await peer.printed(/sent/);
    await late.printed(/accepted/);
    late.child.stdin!.write('\n');
    await late.printed(/read b'early'/);
  });
});

describe.runIf(available && hasPython)('a relay from tls://', () => {
  test('passes on 1 MiB each way at once, and the half-close of the server: the client still sends behind it', async () => {
    const target = await server(
      false,
      `c.sendall(payload)\nc.shutdown(socket.SHUT_WR)\ndata = read(c)\nprint('read', len(data), digest(data), flush=True)`,
    );
    const port = await portOf(relay('tls://127.0.0.1:0', `127.0.0.1:${target.port}`, ...own));
    const peer = client(
      port,
      true,
      "data = read(c)\nprint('read', len(data), digest(data), flush=True)\nc.sendall(payload)\nc.unwrap()\nc.close()",
    );
    await peer.printed(new RegExp(`read 1048576 ${whole}`));
    await target.printed(new RegExp(`read 1048576 ${whole}`));
  });

  test('carries a reset on, from either side', async () => {
    const heard = await server(false, "c.sendall(b'up')\nprint(c.recv(100), flush=True)");
    const port = await portOf(relay('tls://127.0.0.1:0', `127.0.0.1:${heard.port}`, ...own));
    client(port, true, 'c.recv(100)\nreset(c)');
    await heard.printed(wasReset);

    const resetting = await server(false, 'c.recv(100)\nreset(c)');
    const other = await portOf(relay('tls://127.0.0.1:0', `127.0.0.1:${resetting.port}`, ...own));
    const peer = client(other, true, "c.sendall(b'up')\nprint(c.recv(100), flush=True)");
    await peer.printed(wasReset);
  });

  test('resets a client where nobody listens at the target', async () => {
    const gone = await pythonPeer(
      `${python}\nprint('listening', socket.create_server(('127.0.0.1', 0)).getsockname()[1])`,
    );
    expect(await gone.ended).toBe(0);
    const started = relay('tls://127.0.0.1:0', `127.0.0.1:${gone.port}`, ...own);
    const peer = client(await portOf(started), true, 'print(c.recv(100), flush=True)');
    await peer.printed(wasReset);
    await started.told(/the target: nobody .* \(connect ECONNREFUSED\)/);
  });
});

describe.runIf(available && hasPython && hasProgram('openssl', 'version'))('openssl s_server', () => {
  test.each(['-tls1_2', '-tls1_3'])('exchanges 1 MiB each way with a client in the clear, %s', async flag => {
    const { cert, key } = files.good;
    const openssl = startProgram('openssl', [
      ...['s_server', '-accept', '127.0.0.1:0', '-cert', cert, '-key', key, flag],
    ]);
    const [, target] = await openssl.printed(/ACCEPT 127\.0\.0\.1:(\d+)/);
    const port = await portOf(relay('127.0.0.1:0', `tls://localhost:${target}`, ...trusting));
    // In hex: in front of a line s_server reads commands.
    const peer = client(
      port,
      false,
      `threading.Thread(target=lambda: c.sendall(b'<<' + payload.hex().encode() + b'>>')).start()
data = b''
while b'\\n' not in data: data += c.recv(65536)
print('read', digest(bytes.fromhex(data.decode().strip())), flush=True)`,
    );
    openssl.child.stdin!.write(`${payload.toString('hex')}\n`);
    const [, hex] = await openssl.printed(/<<([0-9a-f]{2097152})>>/);
    expect(digest(Buffer.from(hex!, 'hex'))).toBe(whole);
    await peer.printed(new RegExp(`read ${whole}`));
  });
});

const curl = (...args: string[]): Piped =>
  startProgram('curl', ['-sS', '--http1.1', '--ipv4', '-H', 'Expect:', ...args]);

describe.runIf(available && hasNginx && hasProgram('curl'))('curl and nginx', () => {
  test.each([
    ['in the clear to TLS', '', 'http://127.0.0.1', []],
    ['with TLS on both sides', 'tls://', 'https://localhost', ['--cacert', files.ca]],
  ])('put 1 MiB and get it back through a relay, %s', async (_, scheme, url, flags) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'up'), payload);
    const nginx = await startNginx(files);
    const started = relay(
      ...[`${scheme}127.0.0.1:0`, `tls://localhost:${nginx}`, ...trusting, '--alpn', 'http/1.1'],
      ...(scheme === '' ? [] : own),
    );
    const at = `${url}:${await portOf(started)}/it`;
    expect(await curl(...flags, '-T', join(folder, 'up'), at).ended).toBe(0);
    expect(await curl(...flags, '-o', join(folder, 'down'), at).ended).toBe(0);
    expect(digest(readFileSync(join(folder, 'down')))).toBe(whole);
    await started.told(/127\.0\.0\.1:\d+ to tls:\/\/localhost:\d+: .* there, .* back/);
  });
});
