import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { passedOnSize, pieceSize } from '../../../source/bench/behaviours/receiving.ts';
import { freePort } from '../../../source/drivers/system/free-port.ts';
import { type Peer, startPeer } from '../../e2e/foreign.ts';
import { ensureBuilt, projectFolder } from '../../e2e/terminal.ts';
import type { Aim, BenchCase, Contender } from '../case.ts';
import { inLanguage, peerLanguage, startFastPeer } from '../peers/peers.ts';
import { exchangedOf, portOf, receivedOf, stopping } from '../subject.ts';

const language = await peerLanguage();

const host = '127.0.0.1';

type Program = {
  readonly name: string;
  /** Listens on one port, and passes on to the other. */
  readonly start: (listen: number, target: number) => Peer;
};

const own: Program = {
  name: 'sockbench',
  start: (listen, target) =>
    startPeer(process.execPath, [
      join(projectFolder, 'bin/sockbench.cjs'),
      ...['relay', '--no-screen', `${host}:${listen}`, `${host}:${target}`],
    ]),
};

const socatWith = (name: string, ...flags: readonly string[]): Program => ({
  name,
  start: (listen, target) =>
    startPeer('socat', [
      ...['-d', '-d', ...flags, `TCP-LISTEN:${listen},bind=${host},fork`, `TCP:${host}:${target}`],
    ]),
});

/** As it is without flags, 8 KiB a read, and with the pieces that sockbench has: no aim, and a figure to know. */
const socat = socatWith('socat');
const large = socatWith(`socat -b ${passedOnSize}`, '-b', String(passedOnSize));

const hasSocat = spawnSync('socat', ['-V'], { stdio: 'ignore' }).error === undefined;

const programs: readonly Program[] = [own, ...(hasSocat ? [socat, large] : [])];

/** Runs `work` with the port of a relay to `target`. */
const through = async <T>(
  program: Program,
  target: number,
  work: (port: number) => Promise<T>,
): Promise<T> => {
  const port = (await freePort(host)) ?? 0;
  const relay = program.start(port, target);
  return stopping([relay], async () => {
    await relay.until(/istening on/);
    return work(port);
  });
};

/** One connection, one way: the sink's clock, from its first byte to the EOF. */
const oneWay = async (program: Program, size: number): Promise<number> => {
  const sink = await startFastPeer('tcp-sink', [pieceSize]);
  return stopping([sink], async () =>
    through(program, await portOf(sink), async port => {
      const source = await startFastPeer('tcp-source', [port, size, pieceSize]);
      return stopping([source], async () => {
        const { bytes, seconds } = await receivedOf(sink);
        if (bytes !== size) throw new Error(`${size} sent, ${bytes} received`);
        return bytes / seconds / 1e9;
      });
    }),
  );
};

const connections = 8;

/** `size` each way, over eight connections at once: the clock of who connects, to its last EOF. */
const bothWays = async (program: Program, size: number): Promise<number> => {
  const each = [connections, size / connections, pieceSize];
  const server = await startFastPeer('tcp-exchange', [0, ...each]);
  return stopping([server], async () =>
    through(program, await portOf(server), async port => {
      const client = await startFastPeer('tcp-exchange', [port, ...each]);
      return stopping([client], async () => {
        const ends = [await exchangedOf(client), await exchangedOf(server)];
        if (ends.some(({ bytes, wrong }) => bytes !== size || wrong)) throw new Error('bytes are missing');
        return (2 * size) / ends[0]!.seconds / 1e9;
      });
    }),
  );
};

type Run = (program: Program, size: number) => Promise<number>;

const contendersOf = (run: Run): readonly Contender[] =>
  programs.map(program => ({ name: program.name, run: size => run(program, size) }));

const aims: readonly Aim[] = hasSocat ? [{ of: own.name, beside: socat.name, ratio: 1 }] : [];

const common = {
  unit: 'GB/s',
  better: 'more',
  rounds: 7,
  size: 2 ** 30,
  tinySize: 2 ** 20,
  aims,
  before: async () => ensureBuilt(),
} as const;

export const relay: BenchCase = {
  ...common,
  name: 'relay',
  what: `sockbench relay between two connections, one way; source and sink ${inLanguage(language)}`,
  contenders: contendersOf(oneWay),
};

export const relayBoth: BenchCase = {
  ...common,
  name: 'relay-both',
  what: `the same with eight connections, both ways at once; both ends ${inLanguage(language)}`,
  contenders: contendersOf(bothWays),
};
