import { configDefaults, defineConfig } from 'vitest/config';
import { plainReporter } from './scripts/plain-reporter.ts';
import { limits } from './test/support/limits.ts';
import { isFull } from './test/support/sizes.ts';

/** `npm run test:full`: property tests at full size, and what a new call, family, actor or transport makes to be asked. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, 'dist/**', ...(isFull ? [] : ['test/experiments/**'])],
    /** Sockets, child processes and terminals: a process a file, so that none hears another's signals. */
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: isFull ? ['test/support/full-size.ts'] : [],
    globalSetup: ['test/support/python-on-path.ts'],
    testTimeout: isFull ? limits.full : limits.test,
    hookTimeout: limits.test,
    expect: { poll: { timeout: limits.wait } },
    reporters: ['default', plainReporter()],
  },
});
