import { spawnSync } from 'node:child_process';
import { limits } from '../../support/limits.ts';
import type { Input } from '../campaign.ts';
import { inWorld, isAlive, type Opened, type World } from './world.ts';

/** Something that fails around the program. `meet` throws where a key, a socket or what is to be said of it is lost. */
export type Fault = {
  readonly name: string;
  /** Why it cannot be made here, or null. */
  readonly lacks?: () => string | null;
  readonly meet: (input: Input) => Promise<void>;
};

/** In a world of its own, which is as alive afterwards as it was before. */
export const onBench =
  (play: (world: World, input: Input) => Promise<void>, opened: () => Opened = () => ({})): Fault['meet'] =>
  input =>
    inWorld(opened(), async world => {
      await isAlive(world);
      await play(world, input);
      await isAlive(world);
    });

export const can = (command: string, ...words: string[]): boolean =>
  spawnSync(command, words, { stdio: 'ignore' }).status === 0;

export const lacksUnless = (holds: boolean, why: string) => () => (holds ? null : why);

const canMount = can('unshare', '-m', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt');
const canBeAlone = can('unshare', '-n', 'ip', 'link', 'set', 'lo', 'up');

export const lacksMounts = lacksUnless(canMount, 'no file system may be mounted here');
export const lacksNetworks = lacksUnless(canBeAlone, 'no network namespace may be made here');

/** A network of its own, in which nothing but loopback is; `link`: more words of `ip link set lo`. */
export const alone = (link = ''): Opened => ({
  around: ['unshare', '-n', 'sh', '-c', `ip link set lo up ${link} && exec "$@"`, 'sh'],
  beside: terminal => ['nsenter', '-t', String(terminal.pid()), '-n'],
});

/** Runs a command in the namespaces of a process: `spaces` are flags of nsenter(1). */
export const within = (pid: number, spaces: readonly string[], ...words: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync('nsenter', ['-t', String(pid), ...spaces, ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
};

/** Waits for what nobody tells of. */
export const becomes = async (holds: () => boolean, what: string): Promise<void> => {
  for (const end = Date.now() + limits.wait; !holds(); ) {
    if (Date.now() > end) throw new Error(`${limits.wait} ms went by, still waiting for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};

/** Whether a queue of this kind can be put before a network interface (tc(8)). */
export const hasQueue = (...words: string[]): boolean =>
  can('unshare', '-n', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', ...words);
