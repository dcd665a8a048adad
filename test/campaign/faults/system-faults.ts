import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { key } from '../../e2e/keys.ts';
import { projectFolder } from '../../e2e/terminal.ts';
import { scratchFolder } from '../scratch.ts';
import { alone, can, type Fault, lacksMounts, lacksNetworks, lacksUnless, onBench, within } from './fault.ts';
import { asked } from './held.ts';
import { closes, command, isAlive, type Opened, refused, takeBack, typeLine, type World } from './world.ts';

/** A disk of its own at /mnt. */
const disk = (options: string, more: Opened = {}): Opened => ({
  ...more,
  around: ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o ${options} tmpfs /mnt && exec "$@"`, 'sh'],
});

const remount = ({ terminal }: World, how: 'ro' | 'rw'): string =>
  within(terminal.pid()!, ['-m'], 'mount', '-o', `remount,${how}`, '/mnt');

/** A resolver that takes questions and answers none. */
const silentResolver = (): Opened => {
  const folder = mkdtempSync(join(scratchFolder(), 'resolver-'));
  return {
    ...alone(),
    around: ['unshare', '-n', '-m', 'python3', join(projectFolder, 'test/e2e/silent_resolver.py'), folder],
  };
};

const canBind = can('unshare', '-n', '-m', 'mount', '--bind', '/etc/hosts', '/etc/hosts');

/** Whether it listens there: it does, or says that somebody else has the port. */
const tried = async (world: World, port: string, listens: RegExp): Promise<boolean> => {
  const { terminal } = world;
  await typeLine(world, `listen 127.0.0.1:${port}`);
  const isTaken = /is taken: another socket/;
  await terminal.until(lines => [listens, isTaken].some(way => way.test(lines.join('\n'))));
  const does = listens.test(terminal.picture());
  if (!does) terminal.type(key.escape);
  await closes(world);
  return does;
};

const freed = async (world: World, listens: RegExp): Promise<void> => {
  const [, name] = listens.exec(world.terminal.picture())!;
  await command(world, `${name}.close`);
  await world.terminal.until(lines => !listens.test(lines.join('\n')));
};

/** Takes one datagram. */
const datagrams = `
import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('127.0.0.1', 0))
print('listening', u.getsockname()[1], flush=True)
print('received', u.recv(65536), flush=True)
`;

/** What the machine has no more of, and what it takes away. */
export const systemFaults: readonly Fault[] = [
  {
    name: 'no descriptor is left',
    meet: onBench(
      async world => {
        await world.clients('silent', 80);
        await world.terminal.until(/descriptors are open|EMFILE/);
      },
      () => ({ around: ['sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh'] }),
    ),
  },
  {
    name: 'no buffer is left for a datagram: ENOBUFS',
    lacks: lacksNetworks,
    // A datagram in fragments whose second one finds twice SO_SNDBUF taken (Linux, net/ipv4/ip_output.c, __ip_append_data).
    meet: onBench(
      async world => {
        const { terminal } = world;
        const target = world.peer('python3', ['-c', datagrams]);
        const [, port] = await target.until(/listening (\d+)/);
        await command(world, 'c1 = socket AF_INET SOCK_DGRAM');
        await terminal.until(/c1 /);
        await command(world, 'c1.setsockopt SOL_SOCKET SO_SNDBUF 1');
        await terminal.until(/c1\.setsockopt SOL_SOCKET SO_SNDBUF 1 = ok/);
        await refused(world, `c1.sendto 20KiB of "x" 127.0.0.1:${port}`, /no buffer space left .*ENOBUFS/);
        await command(world, `c1.sendto "fits" 127.0.0.1:${port}`);
        await target.until("received b'fits'");
      },
      () => alone('mtu 1500'),
    ),
  },
  {
    name: 'a disk that is full takes no recording',
    lacks: lacksMounts,
    meet: onBench(
      async ({ terminal, witness }) => {
        witness.say('send bytes(200_000)');
        await terminal.until(/the recording ends here|disk is full/);
        await takeBack(witness, '\\x00', 200_000);
      },
      () => disk('size=64k', { args: ['--record', '/mnt/session.jsonl'] }),
    ),
  },
  {
    name: 'a disk that is read-only, and takes writing again',
    lacks: lacksMounts,
    meet: onBench(
      async world => {
        remount(world, 'ro');
        await refused(world, 'keep here 127.0.0.1:9', /EROFS/);
        await refused(world, 'save /mnt/session.jsonl', /EROFS/);
        await isAlive(world);
        remount(world, 'rw');
        await command(world, 'save /mnt/session.jsonl');
        await world.terminal.until(/\/mnt\/session\.jsonl/);
      },
      () => disk('size=10m', { options: { env: { XDG_CONFIG_HOME: '/mnt/config', XDG_DATA_HOME: '/mnt' } } }),
    ),
  },
  {
    name: 'a disk that is read-only from the beginning takes no recording',
    lacks: lacksMounts,
    meet: onBench(
      async ({ terminal }) => {
        await terminal.until(/nothing is recorded: .*EROFS/);
      },
      () => disk('ro', { args: ['--record', '/mnt/session.jsonl'] }),
    ),
  },
  {
    name: 'folders for history, progress and the spool that cannot be made',
    meet: onBench(
      async () => {},
      () => ({ options: { env: { XDG_STATE_HOME: '/dev/null/x', XDG_DATA_HOME: '/dev/null/x' } } }),
    ),
  },
  {
    name: 'a port that another program takes and lets go of while it is bound',
    meet: onBench(async (world, { chance, timed }) => {
      const { terminal } = world;
      const taker = world.peer('python3', [join(import.meta.dirname, 'taker.py'), chance.below(2 ** 31)]);
      const [, port] = await taker.until(/taking (\d+)/);
      const listens = new RegExp(`(s\\d+) LISTEN 127\\.0\\.0\\.1:${port}\\b`);
      for (let n = 0; n < (timed ? 40 : 5); n++)
        if (await tried(world, port!, listens)) await freed(world, listens);
      taker.say('hold');
      await taker.until('held');
      await refused(world, `listen 127.0.0.1:${port}`, /is taken.*EADDRINUSE/);
      taker.say('free');
      await taker.until('freed');
      await command(world, `listen 127.0.0.1:${port}`);
      await terminal.until(listens);
    }),
  },
  {
    name: 'a resolver that never answers',
    lacks: lacksUnless(canBind, 'no file may be mounted over /etc/resolv.conf here'),
    meet: onBench(async world => {
      for (let n = 1; n <= 6; n++) await command(world, `connect nowhere${n}.example:80`);
      await world.terminal.until(/getaddrinfo "nowhere6.example" 80 BLOCKED/);
      await isAlive(world);
      await command(world, `connect localhost:${world.port}`);
      await world.terminal.until(/c\d+ ESTAB/);
    }, silentResolver),
  },
  {
    name: 'the whole program is stopped, and goes on',
    meet: onBench(async ({ terminal, witness }) => {
      terminal.kill('SIGSTOP');
      witness.say('send b"while it stands"');
      await witness.until(/sent 15/);
      terminal.kill('SIGCONT');
      witness.say('recv');
      await witness.until(/received b'while it stands'/);
    }),
  },
  {
    name: 'a clock that jumps a day ahead and two days back',
    meet: onBench(
      async world => {
        for (let jump = 0; jump < 2; jump++) {
          world.terminal.kill('SIGUSR2');
          await isAlive(world);
        }
      },
      () => asked('clock'),
    ),
  },
];
