import type { Reporter, TestModule } from 'vitest/node';

const count = (modules: readonly TestModule[]) => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that never came to an end (a worker that died, an interrupt) has not passed.
      counts[state === 'pending' ? 'failed' : state]++;
    }
    // A file that does not load, or whose hooks fail, may hold no failed test.
    if (module.state() === 'failed' && ![...module.children.allTests('failed')].length) counts.failed++;
  }
  return counts;
};

/** Ends a run with one line, `N passed, N failed, N skipped`, after everything other reporters say. */
export const plainReporter = (): Reporter => {
  let line = '';
  process.once('exit', () => {
    if (line !== '') process.stdout.write(`${line}\n`);
  });
  return {
    onTestRunEnd: (modules, errors) => {
      const { passed, failed, skipped } = count(modules);
      line = `${passed} passed, ${failed + errors.length} failed, ${skipped} skipped`;
    },
  };
};
