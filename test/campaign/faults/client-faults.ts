import { readFileSync } from 'node:fs';
import { defaultCaps } from '../../../source/core/model/journal.ts';
import { type Fault, lacksUnless, onBench } from './fault.ts';
import { asked, heldBy } from './held.ts';
import { logged } from './world.ts';

/** The most that a client may hold that is silent, and one that stalls with its answer, in bytes: docs/security.md says so. */
const mostSilent = 32 * 1024;
const mostStalled = mostSilent + 128 * 1024;

/** Clients at full size, and descriptors that a process needs for them. */
const many = 10_000;
const needed = many + 500;

/** The hard limit: Node raises its own to that when it starts, and hands it on (getrlimit(2)). */
const descriptors = (): number =>
  Number(/^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);

/** What those at the other end do, or leave undone. */
export const clientFaults: readonly Fault[] = [
  {
    name: 'a storm of resets',
    meet: onBench(async (world, { timed }) => {
      const storm = await world.clients('reset', timed ? 5_000 : 200);
      await logged(world, 'ECONNRESET -sendall', /a\d+\.recv \S+ = ECONNRESET/);
      await storm.stop();
    }),
  },
  {
    name: 'clients that are silent, and that stall: slow to read, slow to send',
    lacks: lacksUnless(
      descriptors() >= needed,
      `a process may open fewer than ${needed} files here (ulimit -Hn)`,
    ),
    meet: onBench(
      async (world, { timed }) => {
        const count = timed ? many : 200;
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
      () => asked('collect'),
    ),
  },
];
