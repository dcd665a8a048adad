import { join } from 'node:path';
import { flagsOf } from '../../scripts/flags.ts';
import { played } from './played.ts';
import { isLost, type Result, toLosses, toTable } from './results.ts';
import './tsx.ts';

// Behind what loads the screens that are among them.
const { campaigns } = await import('./all.ts');

/** `npm run campaign`: each campaign at full size, or one; it ends by itself. */
const { values, positionals } = flagsOf({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '55' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    count: { type: 'string' },
  },
});

const refuse = (sentence: string): never => {
  console.error(sentence);
  process.exit(2);
};

const numberOf = (flag: 'minutes' | 'seed' | 'count', least: number): number => {
  const number = Number(values[flag]);
  if (Number.isFinite(number) && number >= least) return number;
  return refuse(`--${flag} ${values[flag]}: a number from ${least} on`);
};

const minutes = numberOf('minutes', 0.01);
const seed = Math.floor(numberOf('seed', 0));
const count = values.count === undefined ? null : Math.floor(numberOf('count', 1));

const names = campaigns.map(({ name }) => name);
const unknown = positionals.filter(name => !names.includes(name));
if (unknown.length > 0) refuse(`no such campaign: ${unknown.join(', ')}; there are ${names.join(', ')}`);

const chosen = campaigns.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const end = Date.now() + minutes * 60_000;

const shareOf = ({ share = 1 }: (typeof chosen)[number]): number => share;

const results: Result[] = [];
for (const [at, campaign] of chosen.entries()) {
  const wanted = count ?? campaign.full;
  const skipped = campaign.lacks?.() ?? null;
  if (skipped !== null) {
    results.push({ campaign, wanted, skipped });
    continue;
  }
  console.log(`${campaign.name}: ${campaign.is} (--seed ${seed})`);
  // What one leaves of its time is the others'.
  const left = chosen.slice(at).reduce((sum, one) => sum + shareOf(one), 0);
  const deadline = Date.now() + ((end - Date.now()) * shareOf(campaign)) / left;
  const tally = await played(campaign, {
    table: join(import.meta.dirname, 'all.ts'),
    seed,
    count: wanted,
    deadline,
  });
  for (const line of tally.told ?? []) console.log(`  ${line}`);
  results.push({ campaign, wanted, tally });
}

const losses = results.flatMap(toLosses);
console.log(['', toTable(results), ...losses.map(loss => `\n${loss}`)].join('\n'));
process.exit(results.some(isLost) ? 1 : 0);
