import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';
import { plainReporter } from './scripts/plain-reporter.ts';
import { limits } from './test/support/limits.ts';
import { isFull } from './test/support/sizes.ts';

const anyTest = '**/*.test.{ts,tsx}';

/**
 * Folders whose tests leave nothing behind in their process: files share it, and load the house once. What journeys start in
 * terminals each of them ends. Elsewhere are signals, mocks and memory that is measured: a process a file, so that none hears
 * another's.
 */
const pure = ['core', 'commands', 'bench-core', 'settings', 'files', 'ui', 'formats', 'journeys'];

/** `npm run test:full`: property tests at full size, and what a new call, family, actor or transport makes to be asked. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: pure.map(folder => `test/${folder}/${anyTest}`), isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: [`test/${anyTest}`],
          exclude: [
            ...configDefaults.exclude,
            ...[...pure, ...(isFull ? [] : ['experiments'])].map(folder => `test/${folder}/**`),
          ],
        },
      },
    ],
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    setupFiles: isFull ? ['test/support/full-size.ts'] : [],
    globalSetup: ['test/support/run-folder.ts'],
    testTimeout: isFull ? limits.full : limits.test,
    hookTimeout: limits.test,
    expect: { poll: { timeout: limits.wait } },
    reporters: ['default', plainReporter()],
  },
});
