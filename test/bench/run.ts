import { flagsOf } from '../../scripts/flags.ts';
import { cases } from './all.ts';
import { measure, type Result } from './case.ts';
import { type Grown, grow } from './growth/growth.ts';
import { scales } from './growth/scales.ts';
import { toGrowthText } from './growth/table.ts';
import { toText } from './table.ts';

const { values, positionals } = flagsOf({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
});

const rounds = values.rounds === undefined ? null : Number(values.rounds);
if (rounds !== null && !(Number.isInteger(rounds) && rounds > 0)) {
  console.error(`--rounds ${values.rounds}: a whole number above 0, of runs of each contender`);
  process.exit(2);
}

const names = [...cases.map(({ name }) => name), 'growth'];
const unknown = positionals.filter(name => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no such case: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}

const results: Result[] = [];
for (const one of cases) {
  if (positionals.length > 0 && !positionals.includes(one.name)) continue;
  const result = await measure(rounds === null ? one : { ...one, rounds }, values.tiny);
  results.push(result);
  if (!values.json) console.log(toText(result));
}

const growth: Grown[] = [];
if (positionals.includes('growth')) {
  for (const { of, rows } of scales) for (const row of rows) growth.push(await grow(of, row, values.tiny));
  if (!values.json) console.log(toGrowthText(growth));
}

if (values.json)
  console.log(
    JSON.stringify({ node: process.version, platform: process.platform, results, growth }, null, 2),
  );
