import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exportNames } from '../../../source/core/model/exports.ts';
import { startFastPeer } from '../../bench/peers/peers.ts';
import { exchangedOf, portOf } from '../../bench/subject.ts';
import type { Peer } from '../../e2e/foreign.ts';
import { ensureBuilt, projectFolder } from '../../e2e/terminal.ts';
import { type Campaign, eachInput, type Input } from '../campaign.ts';

const program = join(projectFolder, 'bin/sockbench.cjs');
const connections = 8;

/** What one input starts and leaves, all of which ends with it. */
type Place = {
  readonly folder: string;
  readonly run: (words: readonly string[], stdin?: number | 'pipe', out?: number) => ChildProcess;
  readonly peer: (peer: Peer) => Peer;
};

const inPlace = async (play: (place: Place) => Promise<void>): Promise<void> => {
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-lost-'));
  const children: ChildProcess[] = [];
  const peers: Peer[] = [];
  try {
    await play({
      folder,
      run: (words, stdin, out) => {
        const child = spawn(process.execPath, [program, ...words], {
          stdio: [stdin ?? 'ignore', out ?? 'ignore', 'pipe'],
        });
        children.push(child);
        return child;
      },
      peer: peer => {
        peers.push(peer);
        return peer;
      },
    });
  } finally {
    for (const child of children)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await Promise.all(peers.map(peer => peer.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What a program says on standard error, up to what is waited for; rejects where it ends first. */
const told = (child: ChildProcess, what: RegExp): Promise<RegExpMatchArray> =>
  new Promise((resolve, reject) => {
    let text = '';
    const hear = (piece: Buffer) => {
      text += piece;
      const match = what.exec(text);
      if (match) resolve(match);
    };
    child.stderr!.on('data', hear);
    child.once('exit', code => reject(new Error(`it ended with ${code}: ${text}`)));
  });

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const exported = (file: string, ...words: string[]): Buffer => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'export', file, ...words], {
    maxBuffer: 4 * 1024 ** 3,
  });
  if (status !== 0) throw new Error(`export ${words.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
};

const expectSame = (found: Record<string, unknown>): void => {
  if (new Set(Object.values(found)).size !== 1) throw new Error(JSON.stringify(found));
};

/** A file through two pipes: what went in, came out, and was recorded and exported at both ends is the same. */
const byPipe = ({ chance, timed }: Input) =>
  inPlace(async ({ folder, run }) => {
    const at = (name: string) => join(folder, name);
    const sent = randomFillSync(Buffer.alloc((timed ? 64 : 1) * 1024 ** 2 + chance.below(100_000)));
    writeFileSync(at('in'), sent);
    const [input, output] = [openSync(at('in'), 'r'), openSync(at('out'), 'w')];
    const receiver = run(['--record', at('a.jsonl'), 'pipe', '-l', '127.0.0.1:0'], 'pipe', output);
    receiver.stdin!.end();
    const [, address = ''] = await told(receiver, /listening on (\S+)/);
    const received = once(receiver, 'exit');
    const sender = run(['--record', at('c.jsonl'), 'pipe', address], input);
    const [[code]] = await Promise.all([once(sender, 'exit'), received]);
    for (const fd of [input, output]) closeSync(fd);
    if (code !== 0) throw new Error(`pipe ended with ${code}`);
    expectSame({
      sent: digest(sent),
      received: digest(readFileSync(at('out'))),
      'recorded by the sender': digest(exported(at('c.jsonl'), '--to', 'bytes', '--socket', 'c1', '--sent')),
      'recorded by the receiver': digest(exported(at('a.jsonl'), '--to', 'bytes', '--socket', 'a1')),
    });
  });

/** Numbers of 8 bytes, one more each: what tcp-exchange writes. */
const isStream = (bytes: Buffer): boolean => {
  const first = bytes.readBigUInt64LE(0);
  for (let at = 8; at < bytes.length; at += 8)
    if (bytes.readBigUInt64LE(at) !== BigInt.asUintN(64, first + BigInt(at / 8))) return false;
  return true;
};

/** Eight connections through a relay that records, both ways at once, in pieces of any size. */
const byRelay = ({ timed, chance }: Input) =>
  inPlace(async ({ folder, run, peer }) => {
    const size = (timed ? 16 : 1) * 1024 ** 2;
    const piece = 1 << (9 + chance.below(9));
    const target = peer(await startFastPeer('tcp-exchange', [0, connections, size, piece]));
    const file = join(folder, 'session.jsonl');
    const relay = run([
      '--record',
      file,
      'relay',
      '--no-screen',
      '127.0.0.1:0',
      `127.0.0.1:${await portOf(target)}`,
    ]);
    const [, port = ''] = await told(relay, /listening on 127\.0\.0\.1:(\d+), /);
    const client = peer(await startFastPeer('tcp-exchange', [port, connections, size, piece]));
    for (const end of [client, target]) {
      const { bytes, wrong } = await exchangedOf(end);
      if (wrong || bytes !== connections * size)
        throw new Error(`of ${connections * size} bytes ${bytes} came, wrong: ${wrong}`);
    }
    relay.kill('SIGTERM');
    await once(relay, 'exit');
    const first = timed ? 1 : connections;
    for (let n = first; n <= connections; n++)
      for (const name of [`a${n}`, `c${n}`]) {
        const bytes = exported(file, '--to', 'bytes', '--socket', name);
        if (bytes.length !== size || !isStream(bytes))
          throw new Error(`${name} was recorded with ${bytes.length} of ${size} bytes, or with others`);
      }
  });

/** Two sockets that talk for ever, a datagram a time. */
const talk = (count: number): string =>
  [
    'u1 = socket AF_INET SOCK_DGRAM',
    'u1.bind 127.0.0.1:0',
    'p = u1.getsockname',
    'c1 = socket AF_INET SOCK_DGRAM',
    ...Array.from(
      { length: count },
      (_, n) => `c1.sendto "datagram ${n}" $p\nu1.recvfrom 100 => "datagram ${n}"`,
    ),
  ].join('\n');

/** A recording that is killed at some moment is a session in every format, without its last second at most. */
const byKill = ({ chance }: Input) =>
  inPlace(async ({ folder, run }) => {
    const file = join(folder, 'session.jsonl');
    const out = openSync(join(folder, 'out'), 'w');
    const child = run(['run', '--record', file, '--json', '-'], 'pipe', out);
    child.stdin!.on('error', () => {});
    child.stdin!.write(`${talk(20_000)}\n`);
    const printed = () => readFileSync(join(folder, 'out'), 'utf8');
    while (printed().split('\n').length < 50) await pause(20);
    await pause(chance.below(1_500));
    const over = once(child, 'exit');
    child.kill('SIGKILL');
    await over;
    closeSync(out);
    const last = printed()
      .split('\n')
      .slice(1, -1)
      .map(line => JSON.parse(line))
      .filter(({ n }) => n !== undefined)
      .at(-1);
    for (const format of exportNames) {
      const text = exported(file, '--to', format);
      if (format !== 'jsonl') continue;
      const kept = text
        .toString()
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
        .at(-1);
      if (kept.t < last.t - 1_000) throw new Error(`${last.t - kept.t} ms of it are gone`);
    }
  });

const ways = [byPipe, byRelay, byKill];

/** Whatever goes through it arrives, and what was recorded of it is what went through. */
export const nothingLost: Campaign = {
  name: 'nothing-lost',
  is: 'what is sent, received, recorded and exported is the same, also of a recording that is killed',
  small: ways.length,
  full: 300,
  patience: 300,
  run: eachInput(async input => {
    const way = ways[input.seed % ways.length]!;
    try {
      await way(input);
    } catch (error) {
      throw new Error(way.name, { cause: error });
    }
  }),
};
