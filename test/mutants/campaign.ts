import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { copyOfHouse } from './copy.ts';
import { type Planted, planted } from './planted.ts';

/** `npm run mutants -- campaign`: one build with all that is planted; a run of the campaigns must report each. */
const minutes = '6';

const house = copyOfHouse();
const started = new AbortController();

const leave = (code: number): never => {
  started.abort();
  house.remove();
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => leave(130));

/** Runs a script of the copy, and answers with its exit status and what it printed. */
const run = async (...words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> => {
  // Ended so that it ends what it has started.
  const child = spawn(process.execPath, words, {
    cwd: house.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    signal: started.signal,
    killSignal: 'SIGTERM',
  });
  child.on('error', () => {});
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code: code ?? 1, out };
};

/** What the run says of the campaign: its row of the table, and each of its losses. */
const reportOf = (out: string, campaign: string): { readonly row: string; readonly losses: string } => ({
  row: out.split('\n').find(line => line.startsWith(`${campaign} `)) ?? '',
  losses: out
    .split(/^(?=npm run campaign -- )/m)
    .filter(part => part.startsWith(`npm run campaign -- ${campaign} --seed `))
    .join(''),
});

const isReported = (out: string, { campaign, says }: Planted): boolean => {
  const { row, losses } = reportOf(out, campaign);
  const [, tried, survived, lost, seeds = ''] = row.split(/ {2,}/);
  const number = (cell = '') => Number(cell.replaceAll(',', ''));
  return (
    number(lost) > 0 &&
    number(tried) === number(survived) + number(lost) &&
    /^\d/.test(seeds) &&
    says.test(losses)
  );
};

for (const { file, text: whole, becomes } of planted)
  house.write(
    file,
    house.read(file).replace(whole, () => becomes),
  );
const built = await run(join(house.folder, 'scripts/build.ts'), '--quiet');
if (built.code !== 0) {
  console.error('the house with all that is planted cannot be built');
  leave(2);
}

const names = planted.map(({ campaign }) => campaign);
const { code, out } = await run('test/campaign/run.ts', ...names, '--minutes', minutes, '--seed', '0');
console.log(out);
let reported = 0;
for (const one of planted) {
  const found = isReported(out, one);
  if (found) reported++;
  console.log(`${found ? 'reported' : 'MISSED  '}  ${one.campaign}, ${one.file}: ${one.name}`);
}
console.log(
  `${reported} of ${planted.length} reported; the campaign ended with ${code}, where 1 says that something was lost`,
);
leave(reported === planted.length && code === 1 ? 0 : 1);
