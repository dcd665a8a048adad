import { parseArgs } from 'node:util';
import { cases } from './all.ts';
import { measure, type Result } from './case.ts';
import { toText } from './table.ts';

const { values, positionals } = parseArgs({
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

const unknown = positionals.filter(name => !cases.some(one => one.name === name));
if (unknown.length > 0) {
  console.error(`no such case: ${unknown.join(', ')}; there are ${cases.map(one => one.name).join(', ')}`);
  process.exit(2);
}

const results: Result[] = [];
for (const one of cases) {
  if (positionals.length > 0 && !positionals.includes(one.name)) continue;
  const result = await measure(rounds === null ? one : { ...one, rounds }, values.tiny);
  results.push(result);
  if (!values.json) console.log(toText(result));
}
if (values.json)
  console.log(JSON.stringify({ node: process.version, platform: process.platform, results }, null, 2));
