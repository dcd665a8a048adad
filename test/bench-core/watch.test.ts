import { expect, test } from 'vitest';
import type { Bench } from '../../source/bench/bench.ts';
import type { SampleEntry } from '../../source/core/entry.ts';
import { callOf, pair, playing } from '../support/playing.ts';

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

test('a change that the kernel does not show is looked at all the same, once', async () => {
  const { machine, bench, play } = playing('duplex');
  await play(...pair);
  const before = looks(bench).length;
  bench.perform(callOf('c1.recv 10'));
  await machine.run(10_000);
  const found = looks(bench).slice(before);
  expect(found.map(names)).toEqual([[]]);
  expect(bench.state().lookedAt).toBe(found[0]?.readAt);
  const started = [...bench.state().calls.values()][0]!.startedAt!;
  expect(found[0]!.readAt - started).toBeLessThan(500);
});

test('what a queue holds is dated when it was read', async () => {
  const { bench, play } = playing('duplex');
  await play(...pair, 'c1.send "hello"');
  const { kernel, kernelAt } = bench.state().sockets.get('a1')!;
  expect(kernel?.rcvQ).toBe(5);
  expect(looks(bench).find(look => look.readAt === kernelAt)?.sockets).toContain(kernel);
});
