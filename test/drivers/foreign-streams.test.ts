import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatEndpoint } from '../../source/core/addresses/address.ts';
import { hasProgram, type Piped, startProgram, temporaryFolder } from '../cli/piping.ts';
import { type Calling, calling } from '../support/calling.ts';
import { certificates } from '../support/certificates.ts';
import { limits } from '../support/limits.ts';
import { available, reason } from './native.ts';
import { onLinux } from './sockets.ts';

/** Programs of others that join their standard input and output to a stream: what they get and give is compared whole. */
const files = certificates();
afterAll(files.dispose);

let bench: Calling;
beforeEach(() => {
  bench = calling();
});
afterEach(() => bench.bench.dispose());

/** 1 MiB in which every byte differs from its neighbours. */
const payload = Buffer.from(Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 2654435761) >>> 13));
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const whole = digest(payload);

const sendAll = (on: string) =>
  bench.call({ name: 'sendall', on, data: { kind: 'literal', data: payload, notation: 'text' } });

/** A certificate and its key in one file, as socat wants one. */
const both = (): string => {
  const path = join(files.folder, 'both.pem');
  writeFileSync(path, readFileSync(files.good.cert, 'latin1') + readFileSync(files.good.key, 'latin1'));
  return path;
};

/** A socket of the bench's that is joined to the program. */
type Joined = { readonly on: string; readonly peer: Piped };

const connected = async (address: string, peer: Piped, wrap = ''): Promise<Joined> => {
  await bench.call(`c1 = socket ${address.startsWith('unix:') ? 'AF_UNIX' : 'AF_INET'} SOCK_STREAM`);
  expect(await bench.call(`c1.connect ${address}`)).toMatchObject({ kind: 'none' });
  if (wrap !== '') expect(await bench.call(`c1.wrap client ${wrap}`)).toMatchObject({ kind: 'none' });
  return { on: 'c1', peer };
};

/** The program connects to a listener of the bench's at `place`. */
const accepted = async (place: string, start: (address: string) => Piped, wrap = ''): Promise<Joined> => {
  await bench.call(`s1 = socket ${place.startsWith('unix:') ? 'AF_UNIX' : 'AF_INET'} SOCK_STREAM`);
  await bench.call(`s1.bind ${place}`);
  await bench.call('s1.listen 5');
  const peer = start(formatEndpoint(bench.socket('s1')!.local!));
  await bench.call('a1 = s1.accept');
  if (wrap !== '') expect(await bench.call(`a1.wrap server ${wrap}`)).toMatchObject({ kind: 'none' });
  return { on: 'a1', peer };
};

/** ncat tells of the port 0 that it was given: the one it has is in proc(5). */
const listeningPort = (pid: number): number => {
  const folder = `/proc/${pid}/fd`;
  const own = new Set(readdirSync(folder).map(fd => readlinkSync(join(folder, fd))));
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map(row => row.trim().split(/\s+/));
  const row = rows.find(([, , , state, , , , , , inode]) => state === '0A' && own.has(`socket:[${inode}]`))!;
  return Number.parseInt(row[1]!.split(':')[1]!, 16);
};

const loopback = '127.0.0.1:0';
const trusting = `server_hostname "localhost" cafile "${files.ca}"`;
const own = `certfile "${files.good.cert}" keyfile "${files.good.key}"`;
const portOf = (address: string): string => address.slice(address.lastIndexOf(':') + 1);
const pathOf = (address: string): string => address.replace(/^unix:/, '');
const newPath = (): string => join(temporaryFolder(), 'u');
/** It goes on reading for so many seconds once its own input is over. */
const socat = (...args: string[]): Piped => startProgram('socat', ['-d', '-d', '-t', '60', 'STDIO', ...args]);

type Row = { readonly name: string; readonly program: string; readonly join: () => Promise<Joined> };

const rows: readonly Row[] = [
  {
    name: 'socat OPENSSL-LISTEN',
    program: 'socat',
    join: async () => {
      const peer = socat(`OPENSSL-LISTEN:0,bind=127.0.0.1,cert=${both()},verify=0`);
      const [, port] = await peer.told(/listening on .*:(\d+)/);
      return connected(`127.0.0.1:${port}`, peer, trusting);
    },
  },
  {
    name: 'socat OPENSSL',
    program: 'socat',
    join: () =>
      accepted(loopback, at => socat(`OPENSSL:localhost:${portOf(at)},pf=ip4,cafile=${files.ca}`), own),
  },
  {
    name: 'socat UNIX-LISTEN',
    program: 'socat',
    join: async () => {
      const path = newPath();
      const peer = socat(`UNIX-LISTEN:${path}`);
      await peer.told(/listening on/);
      return connected(`unix:${path}`, peer);
    },
  },
  {
    name: 'socat UNIX-CONNECT',
    program: 'socat',
    join: () => accepted(`unix:${newPath()}`, at => socat(`UNIX-CONNECT:${pathOf(at)}`)),
  },
  {
    name: 'ncat --ssl -l',
    program: 'ncat',
    join: async () => {
      const { cert, key } = files.good;
      const peer = startProgram('ncat', [
        '-v',
        '-l',
        '127.0.0.1',
        '0',
        '--ssl',
        '--ssl-cert',
        cert,
        '--ssl-key',
        key,
      ]);
      await peer.told(/Listening on/);
      return connected(`127.0.0.1:${listeningPort(peer.child.pid!)}`, peer, trusting);
    },
  },
  {
    name: 'ncat --ssl',
    program: 'ncat',
    join: () =>
      accepted(
        loopback,
        at =>
          startProgram('ncat', [
            '-4',
            '--ssl',
            '--ssl-verify',
            '--ssl-trustfile',
            files.ca,
            'localhost',
            portOf(at),
          ]),
        own,
      ),
  },
  {
    name: 'ncat -l -U',
    program: 'ncat',
    join: async () => {
      const path = newPath();
      const peer = startProgram('ncat', ['-v', '-l', '-U', path]);
      await peer.told(/Listening on/);
      return connected(`unix:${path}`, peer);
    },
  },
  {
    name: 'ncat -U',
    program: 'ncat',
    join: () => accepted(`unix:${newPath()}`, at => startProgram('ncat', ['-U', pathOf(at)])),
  },
];

const stopped = async ({ child }: Piped): Promise<void> => {
  child.kill('SIGSTOP');
  const state = () => /\) (\w)/.exec(readFileSync(`/proc/${child.pid}/stat`, 'latin1'))?.[1];
  await vi.waitFor(() => expect(state()).toBe('T'), { timeout: limits.wait, interval: 1 });
};

describe.each(rows)(`$name, where it is installed${reason}`, ({ name, program, join: begin }) => {
  const test = it.runIf(
    available && onLinux && hasProgram(program, program === 'socat' ? '-V' : '--version'),
  );
  const isTls = /ssl/i.test(name);
  /** It ends its side with a FIN and no close_notify: then TLS is over both ways. */
  const endsTls = name.startsWith('ncat --ssl');

  test('1 MiB goes each way, and it hears of the half-close', async () => {
    const { on, peer } = await begin();
    peer.child.stdin!.write(payload);
    const [sent, got] = await Promise.all([sendAll(on), bench.receive(on, payload.length)]);
    expect([sent, digest(got)]).toEqual([expect.objectContaining({ kind: 'none' }), whole]);
    expect(await bench.call(`${on}.shutdown SHUT_WR`)).toMatchObject({ kind: 'none' });
    // ncat shows the last bytes that it has decrypted once something comes after them.
    await vi.waitFor(() => expect(peer.out().length).toBe(payload.length), { timeout: limits.wait });
    peer.child.stdin!.end();
    expect(await bench.receive(on, 1)).toHaveLength(0);
    expect(await peer.ended).toBe(0);
    expect(digest(peer.out())).toBe(whole);
  });

  test('its half-close is an end of what it sends, and of no more', async () => {
    const { on, peer } = await begin();
    peer.child.stdin!.end('bye');
    expect((await bench.receive(on, 4)).toString()).toBe('bye');
    const sent = await sendAll(on);
    await bench.call(`${on}.close`);
    expect(await peer.ended).toBe(0);
    if (endsTls) expect(sent).toMatchObject({ kind: 'error', code: 'SSL_EOF' });
    else expect([sent.kind, digest(peer.out())]).toEqual(['none', whole]);
  });

  test('a reset ends it, whatever it has still to send', async () => {
    const { on, peer } = await begin();
    peer.child.stdin!.write(payload);
    await bench.call(`${on}.recv 10`);
    expect(await bench.call(`${on}.reset`)).toEqual({ kind: 'none' });
    await peer.ended;
    if (program === 'socat') expect(peer.err()).toMatch(/Connection reset by peer|Broken pipe/);
  });

  test('where it is killed with bytes unread, that is told', async () => {
    const { on, peer } = await begin();
    await stopped(peer);
    await bench.call(`${on}.send "unread"`);
    peer.child.kill('SIGKILL');
    const outcome = await bench.call(`${on}.recv 10`);
    // As CPython: TLS answers a reset with b''. A FIN where what was sent had not come through yet.
    if (isTls)
      expect(outcome).toMatchObject({
        kind: 'data',
        ending: expect.stringMatching(/^(fin|reset)$/),
      });
    else expect(outcome).toMatchObject({ kind: 'error', code: 'ECONNRESET' });
    expect(await bench.call(`${on}.send "x"`)).toMatchObject({
      kind: 'error',
      code: isTls ? 'SSL_EOF' : 'EPIPE',
    });
  });
});
