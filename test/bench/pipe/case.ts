import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { passedOnSize, pieceSize } from '../../../source/bench/behaviours/receiving.ts';
import { freePort } from '../../../source/drivers/system/free-port.ts';
import { startPeer } from '../../e2e/foreign.ts';
import { ensureBuilt, projectFolder } from '../../e2e/terminal.ts';
import type { Aim, BenchCase, Contender } from '../case.ts';
import { inLanguage, peerLanguage, startFastPeer } from '../peers/peers.ts';
import { portOf, receivedOf, stopping } from '../subject.ts';

const language = await peerLanguage();

const host = '127.0.0.1';

type Program = {
  readonly name: string;
  /** Shell words: joined to a port, and listening on one, which it says on standard error. */
  readonly connects: (port: number) => string;
  readonly listens: (port: number) => string;
};

const own = `"${process.execPath}" "${join(projectFolder, 'bin/sockbench.cjs')}" pipe`;

const hasProgram = (program: string, flag: string): boolean =>
  spawnSync(program, [flag], { stdio: 'ignore' }).error === undefined;

const socat: Program = {
  name: 'socat',
  connects: port => `socat -u - TCP:${host}:${port}`,
  listens: port => `socat -u -d -d TCP-LISTEN:${port},bind=${host} -`,
};

/** The largest pieces that sockbench has, too: no aim, and a figure to know. */
const large: Program = {
  name: `socat -b ${passedOnSize}`,
  connects: port => `socat -b ${passedOnSize} -u - TCP:${host}:${port}`,
  listens: port => `socat -b ${passedOnSize} -u -d -d TCP-LISTEN:${port},bind=${host} -`,
};

const ncat: Program = {
  name: 'ncat',
  connects: port => `ncat ${host} ${port}`,
  listens: port => `ncat -l -v ${host} ${port}`,
};

const programs: readonly Program[] = [
  {
    name: 'sockbench',
    connects: port => `${own} ${host} ${port}`,
    listens: port => `${own} --listen ${host} ${port}`,
  },
  ...(hasProgram('socat', '-V') ? [socat, large] : []),
  ...(hasProgram('ncat', '--version') ? [ncat] : []),
];

/** From a pipe to the connection: the sink's clock, from its first byte to the EOF. */
const outward = async ({ connects }: Program, size: number): Promise<number> => {
  const sink = await startFastPeer('tcp-sink', [pieceSize]);
  return stopping([sink], async () => {
    const source = `dd if=/dev/zero bs=${pieceSize} count=${size / pieceSize} 2>/dev/null`;
    const piped = startPeer('sh', ['-c', `${source} | ${connects(await portOf(sink))}`]);
    return stopping([piped], async () => {
      const { bytes, seconds } = await receivedOf(sink);
      if (bytes !== size) throw new Error(`${size} sent, ${bytes} received`);
      return bytes / seconds / 1e9;
    });
  });
};

/** From the connection to a pipe: the source's clock, from the connect to its last write. */
const inward = async ({ listens }: Program, size: number): Promise<number> => {
  const port = (await freePort(host)) ?? 0;
  const piped = startPeer('sh', ['-c', `${listens(port)} < /dev/null | wc -c`]);
  return stopping([piped], async () => {
    await piped.until(/istening on/);
    const source = await startFastPeer('tcp-source', [port, size, pieceSize]);
    return stopping([source], async () => {
      const [, seconds] = await source.until(/^sent \d+ (\S+)$/m);
      await piped.until(new RegExp(`^${size}$`, 'm'));
      return size / Number(seconds) / 1e9;
    });
  });
};

type Run = (program: Program, size: number) => Promise<number>;

const contendersOf = (run: Run): readonly Contender[] =>
  programs.map(program => ({ name: program.name, run: size => run(program, size) }));

const aims: readonly Aim[] = programs
  .filter(program => program === socat || program === ncat)
  .map(({ name }) => ({ of: 'sockbench', beside: name, ratio: 1 }));

const common = {
  unit: 'GB/s',
  better: 'more',
  rounds: 7,
  size: 2 ** 30,
  tinySize: 2 ** 20,
  aims,
  before: async () => ensureBuilt(),
} as const;

export const pipe: BenchCase = {
  ...common,
  name: 'pipe',
  what: `sockbench pipe from standard input, a pipe, to TCP; into a sink ${inLanguage(language)}`,
  contenders: contendersOf(outward),
};

export const pipeBack: BenchCase = {
  ...common,
  name: 'pipe-back',
  what: `sockbench pipe --listen from TCP to standard output, a pipe; from a source ${inLanguage(language)}`,
  contenders: contendersOf(inward),
};
