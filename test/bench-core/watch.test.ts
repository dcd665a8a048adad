import { expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { SampleEntry } from '../../source/core/model/entry.ts';
import { unseenSettleMs } from '../../source/core/waits/wait-rules.ts';
import { callOf, much, pair, playing } from '../support/playing.ts';
import { waitWords } from '../support/words.ts';

const looks = (bench: Bench): SampleEntry[] =>
  bench.journal.slice(1, bench.journal.last()).filter(entry => entry.kind === 'sample');

const names = (look: SampleEntry | undefined) => look?.sockets.map(({ socket }) => socket);

test('a look with news is followed by one that says it still holds, and then there is silence', async () => {
  const { machine, bench, play } = playing('duplex');
  await play(...pair);
  const before = looks(bench).length;
  bench.perform(callOf('c1.send "hello"'));
  await machine.run(10_000);
  const [news, still, ...rest] = looks(bench).slice(before);
  expect(names(news)).toEqual(['a1']);
  expect(news?.sockets[0]).toMatchObject({ rcvQ: 5, sndQ: 0 });
  expect(names(still)).toEqual([]);
  expect(rest).toEqual([]);
  expect(still!.readAt - news!.readAt).toBeGreaterThanOrEqual(250);
});

test('a change that the kernel does not show is looked at soon, and once more when all is at rest', async () => {
  const { machine, bench, play } = playing('duplex');
  await play(...pair);
  const before = looks(bench).length;
  bench.perform(callOf('c1.recv 10'));
  await machine.run(10_000);
  const found = looks(bench).slice(before);
  const started = [...bench.state().calls.values()][0]!.startedAt!;
  expect(found.map(names)).toEqual([[], []]);
  expect(found[0]!.readAt - started).toBeLessThan(unseenSettleMs);
  expect(found[1]!.readAt - started).toBeGreaterThanOrEqual(unseenSettleMs);
  expect(bench.state().lookedAt).toBe(found[1]!.readAt);
});

test('a send that begins right before a look is known to be stuck all the same', async () => {
  const { machine, bench, play } = playing('duplex');
  await play(...pair, `c1.sendall ${much}`, `a1.sendall ${much}`);
  bench.cancel([...bench.state().calls.keys()][0]!);
  bench.flush();
  await machine.run(3000);
  // Looks come at steady times now: the call begins 5 ms before the next one.
  const { lookedAt } = bench.state();
  const next = lookedAt + 500 * Math.ceil((bench.now() - lookedAt) / 500);
  await machine.run(next - 5 - bench.now());
  bench.perform(callOf('c1.send "x"'));
  bench.flush();
  await machine.run(2000);
  const waits = [...waitWords(bench.state()).values()];
  expect(waits).toEqual(['you: r receives on c1', 'you: r receives on a1']);
});

test('what a queue holds is dated when it was read', async () => {
  const { bench, play } = playing('duplex');
  await play(...pair, 'c1.send "hello"');
  const { kernel, kernelAt } = bench.state().sockets.get('a1')!;
  expect(kernel?.rcvQ).toBe(5);
  expect(looks(bench).find(look => look.readAt === kernelAt)?.sockets).toContain(kernel);
});
