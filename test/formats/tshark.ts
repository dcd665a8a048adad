import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Ports are chosen at random: none may mean another protocol to a dissector. */
const plain = ['-d', 'tcp.port==1-65535,data', '-d', 'udp.port==1-65535,data'];

const checksums = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'].flatMap(name => [
  '-o',
  `${name}:TRUE`,
]);

export const hasTshark = await run('tshark', ['--version']).then(
  () => true,
  () => false,
);

/** A stream as tshark follows it: its ends (HOST:PORT), and the bytes from the first and from the second. */
export type Followed = {
  readonly ends: readonly [string, string];
  readonly bytes: readonly [Buffer, Buffer];
};

export type Capture = {
  /** A line a packet that the filter selects, the fields separated by tabs. */
  readonly fields: (filter: string, ...names: readonly string[]) => Promise<string[]>;
  /** The same rows, warnings, and the first `count` streams, by one tshark: each takes half a second to begin. */
  readonly examine: (count: number, filter: string, ...names: readonly string[]) => Promise<Examined>;
};

export type Examined = {
  readonly rows: readonly string[];
  /** What tshark warns of, once each: `Warns: Connection reset (RST)`. */
  readonly warnings: readonly string[];
  readonly streams: readonly Followed[];
};

const followed = (text: string): Followed => {
  const ends = [...text.matchAll(/^Node [01]: (.*)$/gm)].map(match => match[1]!);
  const hex = (pattern: RegExp) =>
    Buffer.from([...text.matchAll(pattern)].map(match => match[1]!).join(''), 'hex');
  return {
    ends: [ends[0]!, ends[1]!],
    bytes: [hex(/^([0-9a-f]+)$/gm), hex(/^\t([0-9a-f]+)$/gm)],
  };
};

/** The rows under Errors and Warns: how often, group, protocol, summary. */
const warningsIn = (text: string): string[] =>
  text.split(/\n(?=\w+ \(\d+\)\n)/).flatMap(section => {
    const severity = /^\s*(Errors|Warns) /.exec(section)?.[1];
    const rows = section.matchAll(/^ +\d+ +\w+ +\w+ +(.*)$/gm);
    return severity ? [...rows].map(row => `${severity}: ${row[1]}`) : [];
  });

const followedIn = (text: string): Followed[] =>
  text
    .split(/^=+$/m)
    .filter(part => part.includes('Follow: tcp'))
    .map(followed)
    // A stream that is not there has the end ":0".
    .filter(({ ends: [end] }) => end !== ':0');

const wordsOf = (filter: string, names: readonly string[]): readonly string[] => [
  '-Y',
  filter,
  '-T',
  'fields',
  ...names.flatMap(name => ['-e', name]),
];

const linesOf = (text: string): string[] => text.split('\n').filter(line => line !== '');

/** Opens a capture with tshark for as long as `look` takes. */
export const withTshark = async <T>(
  pieces: Iterable<Uint8Array>,
  look: (capture: Capture) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'sockbench-pcapng-'));
  const file = join(folder, 'session.pcapng');
  const tshark = async (...words: readonly string[]): Promise<string> =>
    (await run('tshark', ['-r', file, ...plain, ...checksums, ...words], { maxBuffer: 2 ** 28 })).stdout;
  try {
    await writeFile(file, Buffer.concat([...pieces]));
    return await look({
      fields: async (filter, ...names) => linesOf(await tshark(...wordsOf(filter, names))),
      examine: async (count, filter, ...names) => {
        const taps = Array.from({ length: count }, (_, stream) => ['-z', `follow,tcp,raw,${stream}`]);
        const out = await tshark(...wordsOf(filter, names), '-z', 'expert', ...taps.flat());
        const [before = ''] = out.split(/^(?:=+|\w+ \(\d+\))$/m);
        return { rows: linesOf(before), warnings: warningsIn(out), streams: followedIn(out) };
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
};
