import { expect, test } from 'vitest';
import { deadlockSeen, type Told, type ToldCall } from '../../source/bench/processes/seen-deadlock.ts';
import { createSeenNames } from '../../source/bench/processes/seen-names.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { deadlockSentence } from '../../source/core/words/deadlock-words.ts';

test('a call that was told of after the look waits for the others of its cycle', () => {
  const names = createSeenNames();
  const callOf = (pid: number, call: Call): [string, ToldCall] => {
    const actor = names.process(pid);
    const about = { id: pid, actor, call, thread: `${actor}/${pid}`, queuedAt: 0, inside: 0, looped: false };
    return [`${pid}/${pid}`, { about, needs: [] }];
  };
  const told: Told = {
    calls: new Map([
      callOf(11, { name: 'recv', on: 'p1.4', size: 100 }),
      callOf(12, { name: 'send', on: 'p2.4', data: { kind: 'repeat', unit: new Uint8Array(1), size: 9 } }),
    ]),
    queues: new Map(),
    processes: new Map(),
  };
  const threads = [
    { pid: 11, tid: 11 },
    { pid: 12, tid: 12 },
  ];
  const knot = { certain: true, threads, behind: [], until: null, mayEnd: [] };
  const words = deadlockSentence(
    deadlockSeen(knot, names, told, at => at),
    null,
  );
  expect(words).toContain('p1.4.recv waits for p2 to send');
  expect(words).toContain('p2.4.send waits for p1 to recv');
});
