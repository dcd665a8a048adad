import { spawnSync } from 'node:child_process';
import { defaultCaps } from '../../../source/core/model/journal.ts';
import { type Campaign, eachInput, type Input } from '../campaign.ts';
import { asked, heldBy } from './held.ts';
import { inWorld, isAlive, type Opened, type World } from './world.ts';

type Fault = {
  readonly name: string;
  readonly opened?: () => Opened;
  /** Why it cannot be made here, or null. */
  readonly lacks?: () => string | null;
  readonly play: (world: World, input: Input) => Promise<void>;
};

const can = (command: string, ...words: string[]): boolean =>
  spawnSync(command, words, { stdio: 'ignore' }).status === 0;

const lacksUnless = (holds: boolean, why: string) => () => (holds ? null : why);

const canMount = can('unshare', '-m', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt');
const canBeAlone = can('unshare', '-n', 'ip', 'link', 'set', 'lo', 'up');
const hasNetem =
  canBeAlone && can('unshare', '-n', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms');

/** The most that a client may hold that is silent, and one that stalls with its answer, in bytes: docs/security.md says so. */
const mostSilent = 32 * 1024;
const mostStalled = mostSilent + 128 * 1024;

/** A network of its own, in which nothing but loopback is. */
const alone: Opened = {
  around: ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
  beside: terminal => ['nsenter', '-t', String(terminal.pid()), '-n'],
};

const within = ({ terminal }: World, ...words: string[]): void => {
  const { status, stderr } = spawnSync('nsenter', ['-t', String(terminal.pid()), '-n', ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
};

const faults: readonly Fault[] = [
  {
    name: 'no descriptor is left',
    opened: () => ({ around: ['sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh'] }),
    play: async world => {
      await world.clients('silent', 80);
      await world.terminal.until(/descriptors are open|EMFILE/);
    },
  },
  {
    name: 'a disk that is full takes no recording',
    lacks: lacksUnless(canMount, 'no file system may be mounted here'),
    opened: () => ({
      args: ['--record', '/mnt/session.jsonl'],
      around: ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=64k tmpfs /mnt && exec "$@"', 'sh'],
    }),
    play: async ({ terminal, witness }) => {
      witness.say('send bytes(200_000)');
      await terminal.until(/the recording ends here|disk is full/);
      // What it was answered is in the way of what it is asked next.
      for (let left = 200_000; left > 0; ) {
        const before = witness.output().length;
        witness.say('recv');
        const [, got = ''] = await witness.until(new RegExp(`^[^]{${before}}received b'((?:\\\\x00)+)'\n`));
        left -= got.length / 4;
      }
    },
  },
  {
    name: 'folders for history, progress and the spool that cannot be made',
    opened: () => ({
      options: {
        env: { XDG_STATE_HOME: '/dev/null/x', XDG_DATA_HOME: '/dev/null/x' },
      },
    }),
    play: async () => {},
  },
  {
    name: 'a storm of resets',
    play: async (world, { timed }) => {
      const storm = await world.clients('reset', timed ? 5_000 : 200);
      await storm.stop();
    },
  },
  {
    name: 'clients that are silent, and that stall: slow to read, slow to send',
    opened: () => asked('collect'),
    play: async (world, { timed }) => {
      const count = timed ? 3_000 : 200;
      await world.clients('silent', 30);
      const before = await heldBy(world);
      const silent = await world.clients('silent', count);
      const each = ((await heldBy(world)) - before) / count;
      if (each > mostSilent) throw new Error(`a silent client costs ${Math.round(each)} bytes`);
      await silent.stop();
      const without = await heldBy(world);
      const stalling = await world.clients('stall', count);
      const stalled = (await heldBy(world)) - without;
      if (stalled > count * mostStalled + defaultCaps.bytes)
        throw new Error(`clients that stall cost ${stalled} bytes`);
      stalling.say('drip');
      await stalling.until('drip done');
    },
  },
  {
    name: 'the whole program is stopped, and goes on',
    play: async ({ terminal, witness }) => {
      terminal.kill('SIGSTOP');
      witness.say('send b"while it stands"');
      await witness.until(/sent 15/);
      terminal.kill('SIGCONT');
      witness.say('recv');
      await witness.until(/received b'while it stands'/);
    },
  },
  {
    name: 'a clock that jumps a day ahead and two days back',
    opened: () => asked('clock'),
    play: async world => {
      for (let jump = 0; jump < 2; jump++) {
        world.terminal.kill('SIGUSR2');
        await isAlive(world);
      }
    },
  },
  {
    name: 'a terminal that stops reading, and reads again',
    play: async ({ terminal, witness }) => {
      terminal.stopReading();
      for (let n = 0; n < 40; n++) terminal.type(n % 2 ? '\x1b[A' : '\x1b[B');
      for (let n = 0; n < 50; n++) witness.say('send b"unseen"');
      terminal.readAgain();
      for (let left = 50 * 6; left > 0; ) {
        const before = witness.output().length;
        witness.say('recv');
        const [, got = ''] = await witness.until(
          new RegExp(`^[^]{${before}}[^]*?received b'((?:unseen)+)'\n`),
        );
        left -= got.length;
      }
    },
  },
  {
    name: 'resizes one after the other',
    play: async ({ terminal }, { chance, timed }) => {
      for (let n = 0; n < (timed ? 400 : 40); n++)
        terminal.resize(20 + chance.below(180), 5 + chance.below(60));
      terminal.resize(120, 36);
      await terminal.until(/s1 LISTEN/);
    },
  },
  {
    name: 'a network that is cut, and heals',
    lacks: lacksUnless(canBeAlone, 'no network namespace may be made here'),
    opened: () => alone,
    play: async (world, { chance }) => {
      await isAlive(world);
      within(world, 'ip', 'link', 'set', 'lo', 'down');
      world.witness.say('send b"into the void"');
      await world.witness.until(/sent 13/);
      world.terminal.type('?');
      await world.terminal.until(/Enter runs? /);
      world.terminal.type('\x1b');
      await world.terminal.until(lines => !/Enter runs? /.test(lines.join('\n')));
      await new Promise(resolve => setTimeout(resolve, chance.below(500)));
      within(world, 'ip', 'link', 'set', 'lo', 'up');
      world.witness.say('recv');
      await world.witness.until(/received b'into the void'/);
    },
  },
  {
    name: 'a network that delays and loses',
    lacks: lacksUnless(
      hasNetem,
      'the kernel has no netem (tc-netem(8)), or no network namespace may be made here',
    ),
    opened: () => alone,
    play: async world => {
      within(
        world,
        'tc',
        'qdisc',
        'add',
        'dev',
        'lo',
        'root',
        'netem',
        'delay',
        '30ms',
        '10ms',
        'loss',
        '5%',
      );
      for (let n = 0; n < 3; n++) await isAlive(world);
    },
  },
];

const playable = faults.filter(({ lacks }) => (lacks?.() ?? null) === null);

/** Whatever fails around it, keys are answered, and the sockets that are not concerned go on. */
export const faultCampaign: Campaign = {
  name: 'faults',
  is: 'whatever fails around it, keys are answered and the other sockets go on',
  small: playable.length,
  full: 20 * playable.length,
  patience: 300,
  lacks: () => (can('python3', '-c', '') ? null : 'no python3 here'),
  run: eachInput(async input => {
    const { name, opened = () => ({}), play } = playable[input.seed % playable.length]!;
    try {
      await inWorld(opened(), async world => {
        await isAlive(world);
        await play(world, input);
        await isAlive(world);
      });
    } catch (error) {
      throw new Error(name, { cause: error });
    }
  }),
};
