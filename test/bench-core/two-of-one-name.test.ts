import { expect, test } from 'vitest';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

const setUp = () => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive: false }, policy: 'per-socket' });
  const play = (...lines: readonly string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.flush();
  };
  play('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5', 'a1 = s1.accept');
  bench.setPolicy('tcp-server', 'duplex');
  play('a1 = s1.accept');
  expect(bench.state().calls.size).toBe(2);
  return { bench, play };
};

const client = (name: string) => [
  `${name} = socket`,
  `${name}.connect 127.0.0.1:9000`,
  `${name}.send "from ${name}"`,
];

test('of two accepts that were asked to give one name, on two threads, the second to end gives the next one', () => {
  const { bench, play } = setUp();
  play(...client('c1'), ...client('c2'), 'a1.recv 10', 'a2.recv 10');
  const { calls, sockets } = bench.state();
  expect(calls.size).toBe(0);
  expect(['a1', 'a2'].map(name => [sockets.get(name)?.twin, sockets.get(name)?.received])).toEqual([
    ['c1', 7],
    ['c2', 7],
  ]);
});

test('a name that a call is still inside of is not given again', () => {
  const { bench, play } = setUp();
  play(...client('c1'), 'a1.recv 10', 'a1.recv 10', 'a1.close', ...client('c2'));
  const { calls, sockets } = bench.state();
  expect([...calls.values()].map(({ call }) => `${call.on}.${call.name}`)).toEqual(['a1.recv']);
  expect(sockets.get('a2')?.twin).toBe('c2');
});
