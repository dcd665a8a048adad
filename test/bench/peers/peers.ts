import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Peer, startPeer } from '../../e2e/foreign.ts';

/** The programs of this folder, each in C and in Python, with the same arguments and the same output; tcp-streams in C only. */
export type PeerName = 'tcp-exchange' | 'tcp-sink' | 'tcp-source' | 'tcp-streams' | 'udp-flood';

const run = promisify(execFile);

const sourceOf = (name: PeerName, language: 'c' | 'py'): string =>
  join(import.meta.dirname, `${name}.${language}`);

/** Compiled programs are kept by their source's hash, in a folder that nobody else can write to. */
const cache = join(tmpdir(), `sockbench-peers-${userInfo().uid}`);

const compiler = process.env.CC ?? 'cc';

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const compile = async (name: PeerName): Promise<string | null> => {
  const source = sourceOf(name, 'c');
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 16);
  const program = join(cache, `${name}-${hash}`);
  if (await exists(program)) return program;
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const fresh = `${program}.${process.pid}`;
  try {
    await run(compiler, ['-O2', '-pthread', '-o', fresh, source]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  await rename(fresh, program);
  return program;
};

const compiled = new Map<PeerName, Promise<string | null>>();

/** The path of the C program; null where there is no C compiler. */
const programOf = (name: PeerName): Promise<string | null> => {
  const known = compiled.get(name) ?? compile(name);
  compiled.set(name, known);
  return known;
};

/** What the peers of full speed are written in here. */
export const peerLanguage = async (): Promise<'C' | 'Python'> =>
  (await programOf('tcp-sink')) === null ? 'Python' : 'C';

export const startPythonPeer = (name: PeerName, args: readonly (string | number)[]): Peer =>
  startPeer('python3', [sourceOf(name, 'py'), ...args.map(String)]);

/** Starts the fastest one there is. `around`: what starts it elsewhere, as `nsenter` does. */
export const startFastPeer = async (
  name: PeerName,
  args: readonly (string | number)[],
  around: readonly string[] = [],
): Promise<Peer> => {
  const program = await programOf(name);
  const words = program === null ? ['python3', sourceOf(name, 'py')] : [program];
  const [command = '', ...rest] = [...around, ...words, ...args.map(String)];
  return startPeer(command, rest);
};

/** For the line that says what a case measures: a slower peer may be what its figures are bounded by. */
export const inLanguage = (language: 'C' | 'Python'): string =>
  language === 'C' ? 'in C' : 'in Python (no C compiler here: slower than one in C, and what it bounds too)';
