import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { startFastPeer } from '../../bench/peers/peers.ts';
import { portOf, subject } from '../../bench/subject.ts';
import type { Peer } from '../../e2e/foreign.ts';
import { type Certificates, certificates } from '../../support/certificates.ts';
import type { Chance } from '../../support/chance.ts';
import type { Input } from '../campaign.ts';
import { expectKept, type Pair, sorted, streamsOf } from './compare.ts';
import { expectSame, inPlace, type Place, told } from './place.ts';
import { createHeard, digestOf, streamOf } from './streams.ts';

const connections = 8;
const largestPiece = 256 * 1024;
const host = '127.0.0.1';

/** Bytes of each stream: 1 GiB each way together. */
const sizeOf = ({ timed }: Input): number => (timed ? 2 ** 30 : 2 ** 20) / connections;

/** Connections of others that are reset meanwhile, at least. */
const othersOf = ({ timed }: Input): number => (timed ? 100 : 10);

const streams = async (
  place: Place,
  port: number,
  count: number,
  size: number,
  ...more: readonly (string | number)[]
): Promise<Peer> =>
  place.peer(await startFastPeer('tcp-streams', [port, count, size, largestPiece, ...more]));

/** The port of a program that puts TLS before that port, or takes it away. */
const front = (place: Place, ...words: readonly (string | number)[]): Promise<number> =>
  portOf(place.peer(subject('../campaign/nothing-lost/tls-front.ts', words)));

const withKeys = (place: Place): Certificates => {
  const keys = certificates();
  place.behind(keys.dispose);
  return keys;
};

const serving = ({ good }: Certificates): readonly string[] => ['--cert', good.cert, '--key', good.key];

const toPairs = (
  ends: readonly { readonly sent: string; readonly received: string }[],
  isClient: boolean,
): readonly Pair[] =>
  ends.map(({ sent, received }) =>
    isClient ? { there: sent, back: received } : { there: received, back: sent },
  );

/** The workbench answers with what it receives. */
const listening = (input: Input, isTls: boolean) =>
  inPlace(async place => {
    const [size, file] = [sizeOf(input), place.file('session.jsonl')];
    const keys = isTls ? withKeys(place) : null;
    const terminal = place.screen({
      args: [
        ...['--record', file, 'listen', `${isTls ? 'tls://' : ''}${host}:0`, '--on', 'accept echo'],
        ...(keys ? serving(keys) : []),
      ],
    });
    await terminal.ready();
    await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
    const port = Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
    const near = keys ? await front(place, 'wrap', port, keys.ca) : port;
    const client = await streams(place, near, connections, size, othersOf(input));
    const pairs = toPairs(await streamsOf(client, size), true);
    const own = pairs.map(({ there }) => ({ there, back: there }));
    expectSame({ sent: sorted(own), received: sorted(pairs) });
    terminal.kill('SIGTERM');
    if ((await terminal.exited) !== 143) throw new Error(`it ended with ${terminal.exitCode()}`);
    await expectKept({ file, pairs, size, through: { a: port }, chance: input.chance });
  });

const plain = (input: Input) => listening(input, false);
const tls = (input: Input) => listening(input, true);

/** Which sides have TLS: as inputs go by, each of the four. */
const sidesOf = ({ seed }: Input): readonly [boolean, boolean] => {
  const turn = Math.floor(seed / Object.keys(ways).length);
  return [turn % 2 === 1, turn % 4 > 1];
};

/** Through a relay, in the clear or with TLS on either side. */
const relay = (input: Input) =>
  inPlace(async place => {
    const [size, file] = [sizeOf(input), place.file('session.jsonl')];
    const [isWrapped, wraps] = sidesOf(input);
    const keys = isWrapped || wraps ? withKeys(place) : null;
    // Node resets a connection behind a FIN: what is before the target then is not the relay.
    const target = await streams(place, 0, connections, size, 0, ...(wraps ? ['cut'] : []));
    const behind = await portOf(target);
    const far = wraps ? await front(place, 'unwrap', behind, keys!.good.cert, keys!.good.key) : behind;
    const started = place.run([
      ...['--record', file, 'relay', '--no-screen'],
      `${isWrapped ? 'tls://' : ''}${host}:0`,
      wraps ? `tls://localhost:${far}` : `${host}:${far}`,
      ...(isWrapped ? serving(keys!) : []),
      ...(wraps ? ['--ca', keys!.ca] : []),
    ]);
    const [, listens = ''] = await told(started, /listening on (?:tls:\/\/)?127\.0\.0\.1:(\d+), /);
    const port = Number(listens);
    const near = isWrapped ? await front(place, 'wrap', port, keys!.ca) : port;
    const client = await streams(place, near, connections, size, othersOf(input));
    const pairs = toPairs(await streamsOf(client, size), true);
    expectSame({
      'by the clients': sorted(pairs),
      'by the target': sorted(toPairs(await streamsOf(target, size), false)),
    });
    started.kill('SIGTERM');
    await once(started, 'exit');
    await expectKept({ file, pairs, size, through: { a: port, c: far }, chance: input.chance });
  });

/** A stream in pieces of any size, with pauses. */
const feed = async (
  input: NodeJS.WritableStream,
  own: number,
  size: number,
  chance: Chance,
): Promise<void> => {
  for (const block of streamOf(own, size))
    for (let at = 0; at < block.length; ) {
      const piece = block.subarray(at, at + 1 + chance.below(2 ** (1 + chance.below(18))));
      at += piece.length;
      if (!input.write(piece)) await once(input, 'drain');
      if (chance.below(64) === 0) await pause(chance.below(20));
    }
  input.end();
};

/** Standard input and output of one pipe; which streams went through it is known once it has ended. */
const throughPipe = async (
  place: Place,
  words: readonly string[],
  { own, size, chance }: { readonly own: number; readonly size: number; readonly chance: Chance },
) => {
  const child = place.run(words, 'pipe');
  const heard = createHeard();
  child.stdout!.on('data', (piece: Buffer) => heard.push(piece));
  const over = once(child, 'close');
  const went = async () => {
    await feed(child.stdin!, own, size, chance);
    const [code] = await over;
    if (code !== 0) throw new Error(`pipe ended with ${code}`);
    return { sent: digestOf(own.toString(16), size), received: heard.digest() };
  };
  return { child, went };
};

/** A pipe that connects, or one that listens; in the clear or over TLS. */
const onePipe = async (place: Place, input: Input, at: number, keys: Certificates | null) => {
  const { chance } = input;
  const [size, file, listens] = [sizeOf(input), place.file(`${at}.jsonl`), at % 2 === 1];
  const stream = { own: (process.pid << 8) + at, size, chance };
  const scheme = keys ? 'tls://' : '';
  const kept = (peer: Peer, pairs: readonly Pair[], port: number) => async () => {
    const other = toPairs(await streamsOf(peer, size), listens);
    expectSame({ 'by the pipe': sorted(pairs), 'by its peer': sorted(other) });
    await expectKept({ file, pairs, size, through: { [listens ? 'a' : 'c']: port }, chance });
  };
  if (listens) {
    const words = ['--record', file, 'pipe', '-l', `${scheme}${host}:0`, ...(keys ? serving(keys) : [])];
    const { child, went } = await throughPipe(place, words, stream);
    const [, port = ''] = await told(child, /listening on (?:tls:\/\/)?127\.0\.0\.1:(\d+)/);
    const near = keys ? await front(place, 'wrap', port, keys.ca) : Number(port);
    const peer = await streams(place, near, 1, size, 0);
    return kept(peer, toPairs([await went()], false), Number(port));
  }
  const peer = await streams(place, 0, 1, size, 0);
  const behind = await portOf(peer);
  const far = keys ? await front(place, 'unwrap', behind, keys.good.cert, keys.good.key) : behind;
  const words = [
    '--record',
    file,
    'pipe',
    `${scheme}localhost:${far}`,
    '-4',
    ...(keys ? ['--ca', keys.ca] : []),
  ];
  const { went } = await throughPipe(place, words, stream);
  return kept(peer, toPairs([await went()], true), far);
};

/** By pipes, half of which connect and half of which listen. */
const pipe = (input: Input) =>
  inPlace(async place => {
    const keys = sidesOf(input)[0] ? withKeys(place) : null;
    const all = await Promise.all(
      Array.from({ length: connections }, (_, at) => onePipe(place, input, at, keys)),
    );
    for (const kept of all) await kept();
  });

/** What bytes go through: each way is a name. */
export const ways = { plain, tls, relay, pipe };
