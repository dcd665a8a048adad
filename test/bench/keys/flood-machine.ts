import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Driver } from '../../../source/core/calls/driver.ts';
import type { Outcome } from '../../../source/core/calls/outcome.ts';
import type { Observer } from '../../../source/core/model/observer.ts';

/** Calls that end each millisecond: 100,000 entries a second. */
const perMs = 100;

const from = inet('127.0.0.1', 9);

/**
 * Takes the place of the machine in the real program: every recvfrom gets a datagram of 64 bytes, so many a second,
 * on the program's own clock, so that what it falls behind it has to catch up with.
 */
const flood = (): Driver => {
  const waiting: ((outcome: Outcome) => void)[] = [];
  const began = performance.now();
  let reported = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - began) * perMs);
    for (; reported < due && waiting.length > 0; reported++) {
      waiting.shift()!({ kind: 'data', data: new Uint8Array(64), from });
    }
    if (waiting.length === 0) reported = due;
  }, 4);
  return {
    start: ({ call, name }, report) => {
      if (call.name === 'recvfrom') {
        waiting.push(report);
        return { stop: () => 0, taken: () => 0 };
      }
      if (call.name === 'socket') report({ kind: 'made', name: call.as ?? name() });
      else report({ kind: 'none' });
      return null;
    },
    dispose: async () => clearInterval(timer),
  };
};

const blind: Observer = { sample: async () => ({ source: 'application', samples: [] }) };

export const nodeMachine = () => ({ driver: flood, observer: blind });
