import { join } from 'node:path';
import { type Peer, pythonClient, startPeer } from '../../e2e/foreign.ts';
import { ctrl, key } from '../../e2e/keys.ts';
import { projectFolder, type StartOptions, start, type Terminal } from '../../e2e/terminal.ts';

/** The program on a terminal, listening and answering with an echo, and a client that was there before anything went wrong. */
export type World = {
  readonly terminal: Terminal;
  readonly port: number;
  readonly witness: Peer;
  /** A program beside it, which ends with it. */
  readonly peer: (command: string, args: readonly (string | number)[]) => Peer;
  /** What was started otherwise ends with it too. */
  readonly keep: (peer: Peer) => Peer;
  /** Many clients of a kind: `clients.py` says of which. */
  readonly clients: (mode: 'silent' | 'stall' | 'reset', count: number) => Promise<Peer>;
};

const program = join(projectFolder, 'bin/sockbench.cjs');

/** What starts it: a shell with limits of its own, a namespace. Gets the program and its words as "$@". */
export type Around = readonly [command: string, ...words: string[]];

export type Opened = {
  readonly args?: readonly string[];
  readonly around?: Around;
  readonly options?: StartOptions;
  /** How a program beside it is started where that lies elsewhere. */
  readonly beside?: (terminal: Terminal) => readonly string[];
};

const wrapped = (args: readonly string[], [command, ...words]: Around): StartOptions => ({
  command,
  program: words[0]!,
  args: [...words.slice(1), process.execPath, program, ...args],
});

type OnScreen = Pick<World, 'terminal'>;

const palette = /Enter runs, /;

export const closes = ({ terminal }: OnScreen): Promise<void> =>
  terminal.until(lines => !palette.test(lines.join('\n')));

export const typeLine = async ({ terminal }: OnScreen, line: string): Promise<void> => {
  terminal.type(':');
  await terminal.until(palette);
  terminal.type(`${line}${key.enter}`);
};

/** Types a line at `:`, which is taken. */
export const command = async (world: OnScreen, line: string): Promise<void> => {
  await typeLine(world, line);
  await closes(world);
};

/** Types one that is not, and `why` is said. */
export const refused = async (world: OnScreen, line: string, why: RegExp): Promise<void> => {
  await typeLine(world, line);
  // What is long goes on in the next line of its box.
  await world.terminal.until(lines => why.test(lines.map(row => row.replace(/[║│]/g, ' ').trim()).join(' ')));
  world.terminal.type(key.escape);
  await closes(world);
};

/** Waits for an entry of the log, however many others there are: `words` are those of the filter. */
export const logged = async (world: OnScreen, words: string, entry: RegExp): Promise<void> => {
  world.terminal.type(`&${ctrl('u')}${words}${key.enter}`);
  await world.terminal.until(entry);
};

/** Receives what an echo owes: `unit`, as Python writes it, so many times. */
export const takeBack = async (client: Peer, unit: string, times: number): Promise<void> => {
  const pattern = unit.replaceAll('\\', '\\\\');
  for (let left = times * unit.length; left > 0; ) {
    const before = client.output().length;
    client.say('recv');
    // What it was answered is in the way of what it is asked next.
    const [, got = ''] = await client.until(
      new RegExp(`^[^]{${before}}[^]*?received b'((?:${pattern})+)'\n`),
    );
    left -= got.length;
  }
};

let asked = 0;

/** What must hold whatever went wrong: a key is answered, and the socket that was there before still carries bytes both ways. */
export const isAlive = async ({ terminal, witness }: Pick<World, 'terminal' | 'witness'>): Promise<void> => {
  terminal.type('?');
  await terminal.until(/Enter runs? /);
  terminal.type(key.escape);
  await terminal.until(lines => !/Enter runs? /.test(lines.join('\n')));
  const token = `still here ${++asked}`;
  witness.say(`send b"${token}"`);
  witness.say('recv');
  await witness.until(`received b'${token}'`);
};

/** Opens a world, hands it over, and ends all of it however that went. */
export const inWorld = async (
  { args = [], around, options, beside }: Opened,
  play: (world: World) => Promise<void>,
): Promise<void> => {
  const words = [...args, 'listen', '0', '--on', 'accept echo'];
  const terminal = start({ ...options, ...(around ? wrapped(words, around) : { args: words }) });
  const peers: Peer[] = [];
  try {
    await terminal.ready();
    await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
    const port = Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
    const keep = (peer: Peer): Peer => {
      peers.push(peer);
      return peer;
    };
    const peer = (command: string, given: readonly (string | number)[]) => {
      const [first = '', ...rest] = [...(beside?.(terminal) ?? []), command, ...given.map(String)];
      return keep(startPeer(first, rest));
    };
    const clients: World['clients'] = async (mode, count) => {
      const started = peer('python3', [
        join(import.meta.dirname, 'clients.py'),
        mode,
        '127.0.0.1',
        port,
        count,
      ]);
      // On the way too: what takes long for all of them is not taken for what hangs.
      for (let there = 500; there < count; there += 500) await started.until(`ready ${there}\n`);
      await started.until(`ready ${count}\n`);
      return started;
    };
    const witness = keep(pythonClient(port, '127.0.0.1', beside?.(terminal)));
    await witness.until(/connected/);
    await play({ terminal, port, witness, peer, keep, clients });
  } finally {
    await Promise.all(peers.map(each => each.stop()));
    await terminal.dispose();
  }
};
