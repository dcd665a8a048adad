import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { copyOfHouse } from './copy.ts';
import { type Mutant, mutants } from './mutants.ts';

/** `npm run mutants`: breaks the house at one place after the other, in a copy, and says whether its tests notice. */
const names = process.argv.slice(2);
// That ends by itself.
if (names[0] === 'campaign') await import('./campaign.ts');
const chosen = mutants.filter(
  ({ name, file }) => names.length === 0 || names.some(word => `${file}: ${name}`.includes(word)),
);
if (chosen.length === 0) {
  console.error(
    `no mutant has ${names.join(' or ')} in its file or name; test/mutants/mutants.ts lists them`,
  );
  process.exit(2);
}

/** One of a list may survive, with the reason where it stands. */
const mostSurvivors = 1;

/** What runs longer than that hangs, in ms. */
const longest = 600_000;

const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');

const house = copyOfHouse();
let running: ChildProcess | undefined;

const endGroup = (): void => {
  try {
    if (running?.pid) process.kill(-running.pid, 'SIGKILL');
  } catch {
    // All of it has ended by itself.
  }
};

const leave = (code: number): never => {
  endGroup();
  house.remove();
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => leave(130));

/** Whether the tests pass in the copy, as it stands. */
const passes = async (tests: readonly string[]): Promise<boolean> => {
  const child = spawn(process.execPath, [vitest, 'run', '--bail=1', ...tests], {
    cwd: house.folder,
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, FULL: '', RUNS: undefined, CI: '' },
  });
  running = child;
  const timer = setTimeout(endGroup, longest);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  endGroup();
  return code === 0;
};

/** The first of the tests that fails where the mutant lives; null where none does. */
const caughtBy = async ({ file, text, becomes, tests }: Mutant): Promise<string | null> => {
  const whole = house.read(file);
  house.write(
    file,
    whole.replace(text, () => becomes),
  );
  try {
    for (const test of tests) if (!(await passes([test]))) return test;
    return null;
  } finally {
    house.write(file, whole);
  }
};

const tests = [...new Set(chosen.flatMap(mutant => mutant.tests))];
if (!(await passes(tests))) {
  console.error(`the house fails its tests before anything is broken: ${tests.join(', ')}`);
  leave(2);
}

let survivors = 0;
for (const mutant of chosen) {
  const test = await caughtBy(mutant);
  if (test === null) survivors++;
  console.log(
    `${test === null ? 'SURVIVED' : 'caught  '}  ${mutant.file}: ${mutant.name}${test === null ? '' : ` (${test})`}`,
  );
}
console.log(`${chosen.length - survivors} of ${chosen.length} caught`);
leave(survivors > mostSurvivors ? 1 : 0);
