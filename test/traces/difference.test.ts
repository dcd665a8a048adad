import { expect, test } from 'vitest';
import type { SeenProcess } from '../../source/core/model/looks.ts';
import { createDifference, type LookFound } from '../../source/traces/looks/difference.ts';

/** A whole look that found these processes and nothing else. */
const looked = (...processes: SeenProcess[]): LookFound => ({
  at: 1,
  ended: [],
  threadsOver: [],
  moved: new Set(),
  again: false,
  seen: { processes, sockets: [], queues: [], threads: [], knots: [] },
});

const program = (name: string, ...args: string[]): SeenProcess => ({
  pid: 7,
  parent: 1,
  name,
  args,
  asked: true,
});

test('a process is told when it is found and when it runs another program, and not once it has lost its words to its end', () => {
  const difference = createDifference();
  const told = (process: SeenProcess) => difference(looked(process))?.processes.map(({ args }) => args) ?? [];
  expect(told(program('sh', 'sh', '-c', 'python3'))).toEqual([['sh', '-c', 'python3']]);
  expect(told(program('sh', 'sh', '-c', 'python3'))).toEqual([]);
  expect(told(program('python3', 'python3'))).toEqual([['python3']]);
  expect(told(program('python3'))).toEqual([]);
});

test('a process that has no words when it is first found is told as it is', () => {
  expect(createDifference()(looked(program('init')))?.processes).toHaveLength(1);
});
