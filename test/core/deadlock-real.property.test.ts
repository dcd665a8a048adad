import { setTimeout as passing } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { unseenSettleMs } from '../../source/core/waits/wait-rules.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { deadlocks, expectCleared, expectVerdict } from '../support/deadlock-verdict.ts';
import { playScript } from '../support/play-script.ts';
import { anyScript, type RandomScript } from '../support/random-script.ts';
import { createScript, type Script } from '../support/script-world.ts';
import { runsOf } from '../support/sizes.ts';

const loops = { accept: false, receive: false };

/** Mostly they wait, for looks at the kernel and for SYNs. */
const atOnce = 40;

const isNews = (entry: Entry): boolean =>
  entry.kind !== 'sample' || entry.sockets.length > 0 || entry.taken.length > 0;

/** Nothing has happened for so long that a look which found nothing new tells that nothing will. */
const isQuiet = (bench: Bench): boolean => {
  const last = bench.journal.at(bench.journal.last());
  if (last?.kind !== 'sample' || isNews(last)) return false;
  const news = bench.journal.slice(1, last.n).findLast(isNews);
  return last.readAt - (news?.t ?? 0) >= unseenSettleMs;
};

/** Longer than between any two SYNs of a script's connects: a bench as still as that has missed something. */
const stillMs = 30_000;

const change = (bench: Bench): Promise<void> =>
  new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`nothing happened for ${stillMs} ms`)), stillMs);
    const stop = bench.subscribe(() => {
      clearTimeout(limit);
      stop();
      resolve();
    });
  });

const rest = async (bench: Bench, script: Script): Promise<void> => {
  bench.flush();
  while (!isQuiet(bench) || script.isAwaitingSyn()) await change(bench);
};

const allEnded = async (bench: Bench, script: Script): Promise<void> => {
  while (script.open().length > 0) await change(bench);
};

/** Long enough for what was begun to be half done. */
const pause = async (): Promise<void> => {
  await passing(2);
};

const play = async (random: RandomScript): Promise<number> => {
  const bench = createBench({ ...nodeMachine(), loops });
  const script = createScript(bench);
  const settled = () => rest(bench, script);
  const pace = { ends: () => allEnded(bench, script), rest: settled, pause };
  try {
    await playScript(random, bench, script, pace);
    expectVerdict(random, script, bench);
    const found = deadlocks(bench);
    for (const { calls } of found) bench.cancel(calls[0]!);
    if (found.length > 0) await settled();
    for (const finding of found) expectCleared(bench, finding);
    return found.length;
  } finally {
    await bench.dispose();
  }
};

test('on real sockets the verdict is that of trying everything', async () => {
  const runs = runsOf('deadlocks on real sockets');
  const scripts = fc.sample(anyScript, runs).entries();
  let deadlocked = 0;
  const work = async () => {
    for (const [index, random] of scripts) {
      const label = `script ${index} of seed ${runs.seed}: ${JSON.stringify(random)}`;
      await play(random).then(
        found => (deadlocked += found),
        cause => {
          throw new Error(label, { cause });
        },
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  expect(deadlocked).toBeGreaterThan(0);
});
