import { type Peer, pythonClient, startPeer } from '../../e2e/foreign.ts';
import { alone, type Fault, hasQueue, lacksNetworks, lacksUnless, within } from './fault.ts';
import { command, inWorld, isAlive, logged, takeBack, type World } from './world.ts';

/** The bench's address on the wire, and that of the machine at its other end. */
const here = '10.77.0.1';
const there = '10.77.0.2';

/** A machine of its own: a network namespace, while its process lives. */
type Machine = { readonly run: (...words: readonly string[]) => string; readonly peer: Peer };

type Wired = {
  readonly world: World;
  /** Where it listens on the wire. */
  readonly port: number;
  /** The machine at the other end, with its end of the wire called `far`. */
  readonly machine: () => Machine;
  /** The machine is gone with all that it knew, and one of the same address is at the wire that has never heard of it. */
  readonly replace: () => Promise<void>;
  /** A client there, connected. */
  readonly client: () => Promise<Peer>;
};

const inside = (world: World, ...words: readonly string[]): string =>
  within(world.terminal.pid()!, ['-n'], ...words);

/** One more machine, on a wire to that of the bench (veth(4)). */
const connected = async (world: World): Promise<Machine> => {
  const peer = world.keep(startPeer('unshare', ['-n', 'sh', '-c', 'ip link set lo up; echo up; exec cat']));
  await peer.until('up');
  const run = (...words: readonly string[]) => within(peer.pid, ['-n'], ...words);
  inside(
    world,
    'ip',
    'link',
    'add',
    'name',
    'near',
    'type',
    'veth',
    'peer',
    'name',
    'far',
    'netns',
    String(peer.pid),
  );
  inside(world, 'ip', 'addr', 'add', `${here}/24`, 'dev', 'near');
  run('ip', 'addr', 'add', `${there}/24`, 'dev', 'far');
  inside(world, 'ip', 'link', 'set', 'near', 'up');
  run('ip', 'link', 'set', 'far', 'up');
  return { run, peer };
};

/** A bench that listens on a wire too, and answers there with an echo. */
const onWire =
  (play: (wired: Wired, timed: boolean) => Promise<void>): Fault['meet'] =>
  ({ timed }) =>
    inWorld(alone(), async world => {
      const { terminal } = world;
      let machine = await connected(world);
      await command(world, `listen ${here}:0`);
      await terminal.until(/s2 LISTEN 10\.77\.0\.1:\d+/);
      const port = Number(/s2 LISTEN 10\.77\.0\.1:(\d+)/.exec(terminal.picture())![1]);
      await command(world, 's2.on accept echo');
      await isAlive(world);
      const clients: Peer[] = [];
      await play(
        {
          world,
          port,
          machine: () => machine,
          client: async () => {
            const client = world.keep(
              pythonClient(port, here, ['nsenter', '-t', String(machine.peer.pid), '-n']),
            );
            await client.until('connected');
            clients.push(client);
            return client;
          },
          replace: async () => {
            // Cut before they die: nothing that they would say gets through.
            machine.run('ip', 'link', 'set', 'far', 'down');
            await Promise.all(clients.splice(0).map(client => client.stop()));
            inside(world, 'ip', 'link', 'del', 'near');
            await machine.peer.stop();
            machine = await connected(world);
          },
        },
        timed,
      );
      await isAlive(world);
    });

/** What is sent comes back whole. */
const echoes = async (client: Peer, size: number): Promise<void> => {
  client.say(`send b"w" * ${size}`);
  await takeBack(client, 'w', size);
};

/** Has what leaves for the wire go through a queue of that kind. */
const queue = (machine: Machine, ...kind: readonly string[]): string =>
  machine.run('tc', 'qdisc', 'add', 'dev', 'far', 'root', ...kind);

/** What a queue of that kind has thrown away: the loss is the kernel's own. */
const dropped = (machine: Machine): number =>
  Number(/dropped (\d+)/.exec(machine.run('tc', '-s', 'qdisc', 'show', 'dev', 'far'))?.[1]);

/** Machines, and the wire between them. */
export const networkFaults: readonly Fault[] = [
  {
    name: 'a network that is cut in two, and heals',
    lacks: lacksNetworks,
    meet: onWire(async ({ world, machine, client }) => {
      const one = await client();
      await echoes(one, 10);
      machine().run('ip', 'link', 'set', 'far', 'down');
      one.say('send b"into the void"');
      await one.until(/sent 13/);
      await isAlive(world);
      machine().run('ip', 'link', 'set', 'far', 'up');
      one.say('recv');
      await one.until(/received b'into the void'/);
    }),
  },
  {
    name: 'a network that is cut in two for good: TCP_USER_TIMEOUT',
    lacks: lacksNetworks,
    meet: onWire(async ({ world, machine, client }) => {
      await echoes(await client(), 10);
      await command(world, 'a2.setsockopt IPPROTO_TCP TCP_USER_TIMEOUT 300');
      await logged(world, 'TCP_USER_TIMEOUT', /TCP_USER_TIMEOUT 300 = ok/);
      machine().run('ip', 'link', 'set', 'far', 'down');
      await command(world, 'a2.send "is anybody there"');
      await logged(world, 'ETIMEDOUT', /a2\.recv \S+ = ETIMEDOUT/);
    }),
  },
  {
    name: 'a peer whose machine was lost, and knows nothing of its connection: half open',
    lacks: lacksNetworks,
    meet: onWire(async ({ world, replace, client }) => {
      await echoes(await client(), 10);
      await replace();
      await isAlive(world);
      await world.terminal.until(/a2 ESTAB/);
      await command(world, 'a2.send "do you know me"');
      await logged(world, 'ECONNRESET', /a2\.recv \S+ = ECONNRESET/);
      await echoes(await client(), 10);
    }),
  },
  {
    name: 'a wire so narrow that bytes wait, and are lost',
    lacks: lacksUnless(
      hasQueue('tbf', 'rate', '1mbit', 'burst', '4kb', 'limit', '4kb'),
      'the kernel has no token bucket (tc-tbf(8)), or no network namespace may be made here',
    ),
    meet: onWire(async ({ world, machine, client }, timed) => {
      const one = await client();
      queue(machine(), 'tbf', 'rate', '256kbit', 'burst', '2kb', 'limit', '4kb');
      await echoes(one, timed ? 200_000 : 30_000);
      if (!(dropped(machine()) > 0)) throw new Error('the wire has lost nothing');
      await isAlive(world);
    }),
  },
  {
    name: 'a network that delays and loses',
    lacks: lacksUnless(
      hasQueue('netem', 'delay', '1ms'),
      'the kernel has no netem (tc-netem(8)), or no network namespace may be made here',
    ),
    meet: onWire(async ({ world, machine, client }) => {
      const one = await client();
      queue(machine(), 'netem', 'delay', '30ms', '10ms', 'loss', '5%');
      for (let n = 0; n < 3; n++) await echoes(one, 10_000);
      await isAlive(world);
    }),
  },
];
