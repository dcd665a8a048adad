import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readSession } from '../../../source/formats/session/read-session.ts';
import { key } from '../../e2e/keys.ts';
import { type Campaign, eachInput, type Input } from '../campaign.ts';
import { asked, heldBy } from '../faults/held.ts';
import { type Around, inWorld, isAlive, type World } from '../faults/world.ts';

/** Keys that look and move: what they change is on the screen alone, so that what is held afterwards is comparable. */
const looks = [
  '1',
  '2',
  '3',
  '4',
  '5',
  key.tab,
  key.shiftTab,
  key.up,
  key.down,
  key.pageUp,
  key.pageDown,
  key.home,
  key.end,
  '[',
  ']',
  'm',
];

/** More may be held than at the first third: the journal's entries, which are bounded too. A step may hold on to this much, in bytes. */
const mostAStep = 64 * 1024;

type Step = (world: World, input: Input) => Promise<void>;

const steps: readonly Step[] = [
  async ({ terminal }, { chance }) => {
    for (let n = 0; n < 10; n++) terminal.type(chance.one(looks));
  },
  async ({ clients }, { chance }) => {
    const some = await clients('reset', 1 + chance.below(20));
    await some.stop();
  },
  async ({ clients }, { chance }) => {
    const some = await clients('silent', 1 + chance.below(20));
    await some.stop();
  },
  async ({ terminal }, { chance }) => {
    terminal.resize(60 + chance.below(140), 20 + chance.below(40));
    terminal.resize(120, 36);
  },
  async ({ terminal, witness }) => {
    terminal.kill('SIGSTOP');
    witness.say('send b"."');
    terminal.kill('SIGCONT');
    witness.say('recv');
  },
];

/** Sockets that are open (proc(5)): descriptors of threads that begin meanwhile are no sign of anything. */
const socketsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter(fd => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;

/** What clients that have gone leave open is closed by the loops: there are soon as few as before. */
const socketsBack = async (world: World, few: number): Promise<void> => {
  for (let left = 500; socketsOf(world.terminal.pid()!) > few; left--) {
    if (left === 0) throw new Error(`${socketsOf(world.terminal.pid()!)} sockets are open, ${few} were`);
    await isAlive(world);
  }
};

const soaked = async (world: World, input: Input, count: number): Promise<void> => {
  for (let n = 0; n < count; n++) {
    await input.chance.one(steps)(world, input);
    if (n % 5 === 4) await isAlive(world);
  }
};

const inItsFolder: Around = ['sh', '-c', 'cd "$HOME" && exec "$@"', 'sh'];

const run = async (input: Input): Promise<void> => {
  const count = input.timed ? 300 : 15;
  await inWorld(
    { ...asked('collect'), args: ['--record', 'soak.jsonl'], around: inItsFolder },
    async world => {
      const file = join(world.terminal.folder, 'soak.jsonl');
      const pid = world.terminal.pid()!;
      await isAlive(world);
      // Its looks at peers have a few of their own.
      const few = socketsOf(pid) + 4;
      await soaked(world, input, count);
      await socketsBack(world, few);
      const before = await heldBy(world);
      await soaked(world, input, 2 * count);
      await socketsBack(world, few);
      const grown = (await heldBy(world)) - before;
      if (input.timed)
        console.log(
          `held: ${Math.round(grown / 1024)} KiB more after ${2 * count} steps, ${socketsOf(pid)} sockets`,
        );
      if (grown > 2 * count * mostAStep + 8 * 1024 ** 2)
        throw new Error(`${grown} bytes more are held after ${2 * count} steps`);
      world.terminal.kill('SIGTERM');
      if ((await world.terminal.exited) !== 143) throw new Error('it ended by itself');
      const read = readSession(readFileSync(file), file);
      if (!read.ok) throw new Error(read.message);
      const { entries } = read.session;
      const wrong = entries.findIndex(
        (entry, at) => at > 0 && (entry.n !== entries[at - 1]!.n + 1 || entry.t < entries[at - 1]!.t),
      );
      if (wrong > 0) throw new Error(`entry ${entries[wrong]!.n} is out of order`);
    },
  );
};

/** Traffic, faults and keys for as long as is asked for: nothing grows, nothing is out of order, nothing breaks. */
export const soak: Campaign = {
  name: 'soak',
  is: 'traffic, faults and keys go on and on: memory and sockets come back, no entry is out of order',
  small: 1,
  full: 1_000,
  patience: 600,
  run: eachInput(run),
};
