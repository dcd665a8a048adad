import { configDefaults, defineConfig } from 'vitest/config';
import { plainReporter } from './scripts/plain-reporter.ts';

/** `npm run test:full`: property tests at full size, and what a new call, family, actor or transport makes to be asked. */
const full = process.env.FULL === '1';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, 'dist/**', ...(full ? [] : ['test/experiments/**'])],
    /** Sockets, child processes and terminals: a process a file, so that none hears another's signals. */
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: full ? 600_000 : 30_000,
    hookTimeout: 30_000,
    reporters: ['default', plainReporter()],
  },
});
