import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { available } from '../drivers/native.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { type Calling, calling } from '../support/calling.ts';
import { certificates } from '../support/certificates.ts';
import { hasNginx, startNginx } from './nginx.ts';
import { hasProgram, type Piped, pipe, placeOf, startProgram, temporaryFolder } from './piping.ts';

/** Programs of others that speak TLS, at the other end of a pipe; each where it is installed. */
beforeAll(ensureBuilt);

const files = certificates();
afterAll(files.dispose);

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** 1 MiB in which every byte differs from its neighbours. */
const payload = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 2654435761) >>> 13));
const whole = digest(payload);

const trusting = ['--ca', files.ca];
const own = ['--cert', files.good.cert, '--key', files.good.key];

/** A file with certificate and key, as socat and ncat want one. */
const joinedFile = (): string => {
  const path = join(files.folder, 'both.pem');
  writeFileSync(path, readFileSync(files.good.cert, 'latin1') + readFileSync(files.good.key, 'latin1'));
  return path;
};

const portOf = (place: string): string => place.slice(place.lastIndexOf(':') + 1);

/** Both write 1 MiB, and end; both must get the other's whole. */
const exchange = async (ours: Piped, theirs: Piped): Promise<void> => {
  ours.child.stdin!.end(payload);
  theirs.child.stdin!.end(payload);
  expect(await Promise.all([ours.ended, theirs.ended])).toEqual([0, 0]);
  expect(digest(theirs.out())).toBe(whole);
  expect(digest(ours.out())).toBe(whole);
};

describe.runIf(available)('1 MiB each way at once, each direction to its own end', () => {
  test('between two pipes, by a certificate that is verified', async () => {
    const server = pipe(['-l', 'tls://127.0.0.1:0', ...own]);
    const client = pipe([`tls://localhost:${portOf(await placeOf(server))}`, '-4', ...trusting]);
    await exchange(client, server);
  });

  test('between two pipes, by one made on the spot, which only -k takes', async () => {
    const server = pipe(['-l', 'tls://127.0.0.1:0', '--tls-max', '1.2']);
    const client = pipe([await placeOf(server), '-k']);
    await exchange(client, server);
  });

  test.skipIf(!hasProgram('socat', '-V'))('to socat that listens', async () => {
    const socat = startProgram('socat', [
      '-d',
      '-d',
      'STDIO',
      `OPENSSL-LISTEN:0,bind=127.0.0.1,cert=${joinedFile()},verify=0`,
    ]);
    const [, port] = await socat.told(/listening on .*:(\d+)/);
    await exchange(pipe([`tls://127.0.0.1:${port}`, ...trusting]), socat);
  });

  test.skipIf(!hasProgram('socat', '-V'))('from socat that connects', async () => {
    const server = pipe(['-l', 'tls://127.0.0.1:0', ...own]);
    const port = portOf(await placeOf(server));
    const socat = startProgram('socat', ['STDIO', `OPENSSL:localhost:${port},pf=ip4,cafile=${files.ca}`]);
    await exchange(server, socat);
  });
});

describe.runIf(available && hasProgram('ncat'))('ncat --ssl', () => {
  test('sends 1 MiB to a pipe that listens, and gets 1 MiB of one', async () => {
    const server = pipe(['-l', 'tls://127.0.0.1:0', ...own]);
    const port = portOf(await placeOf(server));
    const ncat = startProgram('ncat', [
      ...['-4', '--ssl', '--ssl-verify', '--ssl-trustfile', files.ca, 'localhost', port],
    ]);
    server.child.stdin!.write(payload);
    ncat.child.stdin!.write(payload);
    await expect.poll(() => server.out().length).toBe(payload.length);
    // The last bytes that it has decrypted ncat shows only once something comes after them.
    server.child.stdin!.end();
    ncat.child.stdin!.end();
    expect(await ncat.ended).toBe(0);
    expect([digest(server.out()), digest(ncat.out())]).toEqual([whole, whole]);
    expect(await server.ended).toBe(0);
  });
});

const bodyOf = (answer: Buffer): Buffer => answer.subarray(answer.indexOf('\r\n\r\n') + 4);

describe.runIf(available && hasNginx)('nginx', () => {
  test.each(['1.2', '1.3'])('takes 1 MiB by PUT and gives it back, TLS %s', async version => {
    const port = await startNginx(files);
    const flags = [
      ...trusting,
      '--tls-min',
      version,
      '--tls-max',
      version,
      '--sni',
      'localhost',
      '--alpn',
      'http/1.1',
    ];
    const request = async (head: string, body: Uint8Array): Promise<Buffer> => {
      const asked = pipe([`tls://127.0.0.1:${port}`, '--no-shutdown', ...flags]);
      asked.child.stdin!.write(`${head}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      asked.child.stdin!.end(body);
      expect([await asked.ended, asked.err()]).toEqual([0, expect.any(String)]);
      return asked.out();
    };
    const put = await request(`PUT /it HTTP/1.1\r\nContent-Length: ${payload.length}`, payload);
    expect(put.toString()).toMatch(/^HTTP\/1\.1 20[14] /);
    const got = await request('GET /it HTTP/1.1', new Uint8Array(0));
    expect(digest(bodyOf(got))).toBe(whole);
  });
});

describe.runIf(available && hasNginx)('nginx, with its connection', () => {
  const asked = async (port: number, last: (bench: Calling) => Promise<unknown>): Promise<void> => {
    const bench = calling();
    try {
      await bench.call('c1 = socket AF_INET SOCK_STREAM');
      await bench.call(`c1.connect 127.0.0.1:${port}`);
      await bench.call(`c1.wrap client server_hostname "localhost" cafile "${files.ca}"`);
      await last(bench);
    } finally {
      await bench.bench.dispose();
    }
  };
  const get = 'GET /none HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n';

  test('half-closed, answers what it was asked before and ends its side too', async () => {
    const port = await startNginx(files);
    await asked(port, async bench => {
      await bench.call(`c1.sendall "${get}"`);
      await bench.call('c1.shutdown SHUT_WR');
      const answer = (await bench.receive('c1', 1 << 20)).toString();
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    });
  });

  test('reset in mid-request, answers the next one', async () => {
    const port = await startNginx(files);
    await asked(port, async bench => {
      await bench.call('c1.sendall "GET /none HT"');
      expect(await bench.call('c1.reset')).toEqual({ kind: 'none' });
    });
    await asked(port, async bench => {
      await bench.call(`c1.sendall "${get}"`);
      expect((await bench.receive('c1', 12)).toString()).toBe('HTTP/1.1 404');
    });
  });
});

describe.runIf(available && hasProgram('curl'))('curl', () => {
  test('uploads 1 MiB to a pipe that listens, and downloads 1 MiB of it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'up'), payload);
    const server = pipe(['-l', 'tls://127.0.0.1:0', '--alpn', 'http/1.1', ...own]);
    const port = portOf(await placeOf(server));
    const curl = startProgram('curl', [
      ...['-sS', '--http1.1', '--cacert', files.ca, '-H', 'Expect:', '-T', join(folder, 'up')],
      ...['-o', join(folder, 'down'), `https://localhost:${port}/it`, '--ipv4'],
    ]);
    await expect.poll(() => bodyOf(server.out()).length).toBe(payload.length);
    expect(digest(bodyOf(server.out()))).toBe(whole);
    server.child.stdin!.write(`HTTP/1.1 200 OK\r\nContent-Length: ${payload.length}\r\n\r\n`);
    server.child.stdin!.end(payload);
    expect(await curl.ended).toBe(0);
    expect(digest(readFileSync(join(folder, 'down')))).toBe(whole);
    // curl leaves once it has what was promised: whether the end of standard input still finds a connection is chance.
    await server.ended;
  });

  test('that does not trust the certificate is told of by what it says', async () => {
    const server = pipe(['-l', 'tls://127.0.0.1:0']);
    const port = portOf(await placeOf(server));
    const curl = startProgram('curl', ['-sS', '--ipv4', `https://localhost:${port}/`]);
    expect(await curl.ended).toBe(60);
    expect(await server.ended).toBe(1);
    expect(server.err()).toMatch(/does not trust who signed the certificate/);
  });
});

describe.runIf(available)('bad input of a pipe is one sentence', () => {
  test.each([
    [['tls://127.0.0.1:1', '-u'], 'TLS, which needs a stream: leave -u out'],
    [
      ['127.0.0.1:1', '--sni', 'x', '-k'],
      '127.0.0.1:1 is no tls:// address, and --sni, --insecure belong to one',
    ],
    [['tls://127.0.0.1:1', '--tls-min', '9'], '--tls-min: "9" is no version of TLS'],
    [['tls://127.0.0.1:1', '--tls-min', '1.3', '--tls-max', '1.2'], 'no version is left'],
    [['tls://127.0.0.1:1', '--key', 'x'], '--key belongs to a certificate'],
    [['-l', 'tls://127.0.0.1:1', '--sni', 'x'], '--sni is for connect'],
    [['tls://127.0.0.1:1', '--alpn', 'h2,,x'], '--alpn: a protocol has a name of 1 to 255 bytes'],
  ])('%j', async (args, words) => {
    const refused = pipe(args);
    expect(await refused.ended).toBe(2);
    expect(refused.err()).toContain(words);
    expect(refused.err().trim().split('\n')).toHaveLength(1);
  });

  const { cert, key } = files.good;
  const file = (name: string, text: string): string => {
    const path = join(files.folder, name);
    writeFileSync(path, text);
    return path;
  };
  const junk = file('junk.pem', 'no PEM\n');
  const noKey = file('only-cert.pem', readFileSync(cert, 'latin1'));
  const missing = join(files.folder, 'none.pem');

  test.each([
    ['of another certificate', ['--cert', cert, '--key', files.other.key], /is not the key of/],
    ['that is missing', ['--cert', noKey], /only-cert\.pem\\?" holds no private key/],
    ['in a file that is not there', ['--cert', cert, '--key', missing], /TLS needs is not there .*none\.pem/],
    [
      'for a file that is no certificate',
      ['--cert', junk, '--key', key],
      /junk\.pem\\?" holds no certificate/,
    ],
    ['for a folder', ['--cert', files.folder, '--key', key], /is no regular file/],
  ])('a listener with a key %s', async (_, flags, words) => {
    const refused = pipe(['-l', 'tls://127.0.0.1:0', ...flags]);
    expect(await refused.ended).toBe(1);
    expect(refused.err()).toMatch(words);
    expect(refused.err().trim().split('\n')).toHaveLength(1);
  });

  test.each([
    ['that has expired', files.expired, [], /has expired \(verify error 10/],
    ['for another name', files.other, ['--sni', 'localhost'], /is for other names than "localhost"/],
    ['that nobody vouches for', files.own, [], /that it has signed itself/],
  ])(
    'a peer with a certificate %s: 1, and nothing of standard input is sent',
    async (_, shown, flags, words) => {
      const server = pipe(['-l', 'tls://127.0.0.1:0', '--cert', shown.cert, '--key', shown.key]);
      const client = pipe([await placeOf(server), ...trusting, ...flags]);
      client.child.stdin!.end('a secret');
      expect(await client.ended).toBe(1);
      expect(client.err()).toMatch(words);
      await server.ended;
      expect(server.out()).toHaveLength(0);
    },
  );

  test('a peer that speaks in the clear', async () => {
    const server = pipe(['-l', '127.0.0.1:0', '--no-shutdown']);
    server.child.stdin!.write('220 hello, this is no TLS\r\n');
    const client = pipe([`tls://${await placeOf(server)}`, '-k']);
    expect(await client.ended).toBe(1);
    expect(client.err()).toMatch(/the peer does not speak TLS here/);
    expect(client.err().trim().split('\n')).toHaveLength(1);
  });
});
