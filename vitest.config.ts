import { configDefaults, defineConfig } from 'vitest/config';
import { plainReporter } from './scripts/plain-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, 'dist/**'],
    /** Sockets, child processes and terminals: a process a file, so that none hears another's signals. */
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', plainReporter()],
  },
});
