import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seedOf } from '../support/sizes.ts';
import { campaigns } from './all.ts';
import { unfollowed } from './campaign.ts';
import { campaigns as faulty } from './faulty.ts';
import { played } from './played.ts';
import { toLosses, toTable } from './results.ts';
import { slopes } from './soak/slopes.ts';

const playable = campaigns.filter(({ lacks }) => (lacks?.() ?? null) === null);

test.each(playable)('$name: $is', async campaign => {
  const { small: count } = campaign;
  const seed = seedOf();
  const tally = await campaign.run({ seed, count, deadline: Infinity, timed: false, follower: unfollowed });
  expect(tally).toEqual({ tried: count, survived: count, lost: [] });
});

test.each(faulty)('an input that $name is reported by its seed, and the others go on', async campaign => {
  const play = { table: join(import.meta.dirname, 'faulty.ts'), deadline: Infinity, heap: 64 };
  const tally = await played(campaign, { ...play, seed: 100, count: 10 });
  expect(tally).toMatchObject({ tried: 10, survived: 9, lost: [{ seed: 103 }] });
  const table = toTable([{ campaign, wanted: 10, tally }]);
  expect(table.split('\n')[1]).toMatch(new RegExp(`^${campaign.name} +10 +9 +1 +103$`));
  expect(toLosses({ campaign, wanted: 10, tally })[0]).toContain(`${campaign.name} --seed 103 --count 1\n`);
});

test('a campaign that was not played, or not to its end, says why', () => {
  const [campaign] = faulty;
  const tally = { tried: 4, survived: 4, lost: [] };
  const parted = { ...campaign!, skips: [{ name: 'a part', why: 'no netem here' }] };
  const results = [
    { campaign: campaign!, wanted: 10, skipped: 'no strace here' },
    { campaign: parted, wanted: 10, tally },
  ];
  const [, skipped, cut, part] = toTable(results).split('\n');
  expect(skipped).toMatch(/skipped +no strace here$/);
  expect(cut).toMatch(/4 +4 +0 +its time was up: 10 were to be tried$/);
  expect(part).toMatch(new RegExp(`^${campaign!.name}: a part +skipped +no netem here$`));
});

test('what grows on and on has a slope; what fills up, is loaded once, or is full for a moment has none', () => {
  const mebibyte = 1024 ** 2;
  const verdictOf = (held: (round: number) => number, rounds = 40): string => {
    const samples = Array.from({ length: rounds }, (_, round) => ({
      minute: round / 10,
      held: 100 * mebibyte + held(round),
      resident: 0,
      descriptors: 30,
      processes: 2,
    }));
    const [first] = slopes(samples);
    return `${first!.line.replace(/^.*: /, '')}, ${first!.isFlat}`;
  };
  expect(verdictOf(round => round * mebibyte)).toBe('it grows, false');
  expect(verdictOf(round => round * mebibyte + (round % 3) * 5 * mebibyte)).toBe('it grows, false');
  expect(verdictOf(round => (round === 7 ? 50 * mebibyte : 0))).toBe('flat, true');
  expect(verdictOf(round => (round > 5 ? 20 * mebibyte : 0))).toBe('flat, true');
  expect(verdictOf(round => 20 * mebibyte * Math.min(round, 13))).toBe('flat, true');
  expect(verdictOf(round => 2 * mebibyte * Math.max(round - 20, 0))).toBe('it grows, false');
  expect(verdictOf(round => round * mebibyte, 5)).toBe('too few rounds to tell, true');
});
