import type { Driver } from '../../source/core/calls/driver.ts';
import { ok } from '../../source/core/calls/outcome.ts';

/** No kernel: a receive waits until it is stopped, all else ends at once. */
export const waitingDriver: Driver = {
  start: ({ call, name }, report) => {
    if (call.name === 'recv') return { stop: () => 0, taken: () => 0 };
    report(call.name === 'socket' ? { kind: 'made', name: name() } : ok);
    return null;
  },
  dispose: async () => {},
};
