import { join } from 'node:path';
import { type Peer, pythonClient } from '../../e2e/foreign.ts';
import { type Fault, onBench } from './fault.ts';
import { command, isAlive, logged, type World } from './world.ts';

const serve = async (world: World, port: string): Promise<{ target: Peer; port: string }> => {
  const target = world.peer('python3', [join(import.meta.dirname, 'target.py'), port]);
  const [, at] = await target.until(/listening (\d+)/);
  return { target, port: at! };
};

type Relayed = {
  readonly world: World;
  /** One more client of the relay. */
  readonly client: () => Promise<Peer>;
  /** What it leads to, as it runs now. */
  readonly target: () => Peer;
};

/** A relay beside the echo, to a target of its own. */
const relayed = async (world: World): Promise<Relayed & { restart: () => Promise<void> }> => {
  const { terminal } = world;
  let { target, port } = await serve(world, '0');
  await command(world, `relay 127.0.0.1:0 127.0.0.1:${port}`);
  await terminal.until(new RegExp(`relay to 127\\.0\\.0\\.1:${port}`));
  const [, listens] = /s2 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())!;
  return {
    world,
    target: () => target,
    client: async () => {
      const client = world.keep(pythonClient(Number(listens)));
      await client.until('connected');
      return client;
    },
    restart: async () => {
      await target.stop();
      ({ target } = await serve(world, port));
    },
  };
};

const echoes = async (client: Peer): Promise<void> => {
  client.say("send b'is it there'");
  client.say('recv');
  await client.until("received b'is it there'");
};

/** Ways in which a target goes away, and what its client is told. */
const ways: readonly { readonly name: string; readonly goes: (relayed: Relayed) => Promise<void> }[] = [
  {
    name: 'resets',
    goes: async ({ world, client }) => {
      const one = await client();
      await echoes(one);
      one.say("send b'reset'");
      one.say('recv');
      await one.until('ConnectionResetError');
      await logged(world, 'ECONNRESET', /c\d+\.recv \S+ = ECONNRESET/);
    },
  },
  {
    name: 'half-closes, and reads on',
    goes: async ({ client, target }) => {
      const one = await client();
      one.say("send b'half'");
      one.say('recv');
      await one.until("received b''");
      one.say("send b'and more'");
      await target().until("read b'and more'");
      one.say('shutdown');
      await target().until('eof');
    },
  },
  {
    name: 'is killed at rest',
    goes: async ({ client, target }) => {
      const one = await client();
      await echoes(one);
      await target().stop('SIGKILL');
      one.say('recv');
      await one.until("received b''");
    },
  },
  {
    name: 'is killed with bytes that it has not read',
    goes: async ({ client, target }) => {
      const one = await client();
      one.say("send b'stall'");
      await target().until("read b'stall'");
      one.say("send b'x' * 100_000");
      await target().until('unread');
      await target().stop('SIGKILL');
      one.say('recv');
      await one.until('ConnectionResetError');
    },
  },
  {
    name: 'is not there',
    goes: async ({ world, client, target }) => {
      await target().stop('SIGKILL');
      const one = await client();
      one.say('recv');
      await one.until('ConnectionResetError');
      await logged(world, 'ECONNREFUSED', /c\d+\.connect \S+ = ECONNREFUSED/);
    },
  },
];

/** What a relay leads to goes away in the middle of a stream, and comes back. */
export const relayFaults: readonly Fault[] = [
  {
    name: 'a relay whose target goes away',
    meet: onBench(async (world, { chance, timed }) => {
      const relay = await relayed(world);
      for (let n = 0; n < ways.length; n++) {
        const { name, goes } = timed ? ways[chance.below(ways.length)]! : ways[n]!;
        try {
          await goes(relay);
          await isAlive(world);
          await relay.restart();
          await echoes(await relay.client());
        } catch (error) {
          throw new Error(`the target ${name}`, { cause: error });
        }
      }
    }),
  },
];
